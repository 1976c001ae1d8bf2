"""Studios as the worker handles them: started by exec, spoken to over a socket, killed when they must be.

A studio is started anew, never forked, so that CUDA finds a fresh process; and with an environment that holds no key.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import dramatiq
import structlog
from django.conf import settings
from dramatiq.middleware import Middleware

from generation.worker import meters
from generation.worker.studio.wire import Message, Wire
from marketplace.core.broker import CPU, GPU
from marketplace.core.errors import Unavailable

log = structlog.get_logger(__name__)
START_SECONDS = 120.0  # the first import of torch on a cold disk is slow
# All that a studio may know of the worker's environment: how to find Python, its libraries and the device.
KEPT = ("PATH", "HOME", "LANG", "LC_", "TMPDIR", "PYTHON", "VIRTUAL_ENV", "LD_", "CUDA_", "NVIDIA_", "OMP_", "MKL_",
        "TORCH", "TRITON_", "XDG_", "COVERAGE_", "COV_")  # fmt: skip


class StudioGone(Unavailable):
    """The process in which the work was made went away."""

    code, title = "studio-gone", "The process that made this work went away"


class Studio:
    """One studio process. One thread talks with it at a time; any thread may kill it or call a job off."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                _command(theirs.fileno()), env=_environment(), cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )  # fmt: skip
        self._wire = Wire(ours.detach())
        self.device = ""
        self.torch = ""
        self.is_busy = False

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait for its first word, the first time. Raises StudioGone."""
        if self.device:
            return
        if not self._waits(START_SECONDS):
            self.kill("it does not start")
            raise StudioGone("The engines could not be started.")
        message = self.receive()
        self.device, self.torch = message.fields["device"], message.fields["torch"]
        used, total = message.fields["memory"]
        meters.studio_said(device=self.device, memory_used=used, memory_total=total, engines=(), hits=0, misses=0)
        log.info("studio.ready", device=self.device, studio=self.pid)

    def order(self, blobs: Sequence[bytes], **fields: Any) -> None:
        """Give it jobs to make; it is busy until it says "rest". Raises StudioGone."""
        self._ask("make", blobs, fields)

    def _ask(self, kind: str, blobs: Sequence[bytes], fields: dict[str, Any]) -> None:
        self.is_busy = True
        try:
            self._wire.send(kind, blobs, **fields)
        except OSError as error:
            raise StudioGone(self._how_it_ended()) from error

    def remember(self, **fields: Any) -> None:
        """Have it look at what a model learnt from; it is busy until it says "rest". Raises StudioGone."""
        self._ask("remember", (), fields)

    def messages(self, seconds: float) -> Iterator[Message]:
        """What it said already, or says within so many seconds. Raises StudioGone."""
        wait = seconds
        while self._waits(wait):
            message = self.receive()
            if message.kind == "rest":
                self.is_busy = False
            yield message
            if message.kind == "rest":
                return
            wait = 0.0

    def receive(self) -> Message:
        """The next message. Raises StudioGone."""
        try:
            return self._wire.receive()
        except (EOFError, OSError) as error:
            raise StudioGone(self._how_it_ended()) from error

    def call_off(self, order: str, job: str) -> None:
        """Ask it to stop making one job of an order."""
        try:
            self._wire.send("stop", order=order, job=job)
        except OSError:
            log.debug("studio.gone_already", studio=self.pid)

    def kill(self, why: str) -> None:
        """End it at once, whatever it is doing; its device's memory is free when this returns."""
        log.warning("studio.killed", studio=self.pid, why=why)
        meters.studio_killed(why)
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Hang up: an idle studio leaves by itself."""
        self._wire.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill("it does not leave")

    def _waits(self, seconds: float) -> bool:
        try:
            return self._wire.waits(seconds)
        except (EOFError, OSError) as error:
            raise StudioGone(self._how_it_ended()) from error

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.kill("it hung up")
            status = -9
        cause = f"signal {-status}" if status < 0 else f"exit status {status}"
        return f"The process that made this work went away ({cause})."


_idle: list[Studio] = []
_lock = Lock()


@contextmanager
def borrowed() -> Iterator[Studio]:
    """A studio for as long as the block lasts: one that rests, or a new one. A busy one left behind is killed."""
    with _lock:
        studio = next((idle for idle in _idle if idle.is_alive), None)
        if studio is not None:
            _idle.remove(studio)
    studio = studio or Studio()
    try:
        yield studio
    finally:
        if studio.is_busy and studio.is_alive:
            studio.kill("its worker left it")
        if studio.is_alive:
            with _lock:
                _idle.append(studio)
        else:
            studio.close()


def open_ahead(count: int) -> None:
    """Start studios before there is anything to make, so that the first job does not wait for torch."""
    with _lock:
        _idle.extend(Studio() for _ in range(count))


def close_all() -> None:
    """Close every studio that rests."""
    with _lock:
        resting, _idle[:] = list(_idle), []
    for studio in resting:
        studio.close()


class Studios(Middleware):
    """Dramatiq middleware of workers that are there to make works: a studio for each thread, from start to end."""

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        if _makes_works(worker):
            open_ahead(len(worker.workers))

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        if _makes_works(worker):
            close_all()


def _makes_works(worker: dramatiq.Worker) -> bool:
    return bool({CPU, GPU} & (worker.consumer_whitelist or set()))


def _command(descriptor: int) -> list[str]:
    atelier = settings.ATELIER
    engines = [argument for where in atelier.extra_engines for argument in ("--engine", where)]
    return [
        sys.executable, "-m", "generation.worker.studio", "--socket", str(descriptor), "--device", atelier.device,
        "--threads", str(atelier.torch_threads), "--budget", str(atelier.model_cache_bytes),
        "--folder", str(atelier.data_dir.resolve()), "--vgg", atelier.vgg_weights, *engines,
    ]  # fmt: skip


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
