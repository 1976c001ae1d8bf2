"""The parts of a house in a storm: each can be killed, frozen, kept down, and comes up again by itself."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from marketplace.house import parts
from marketplace.house.parts import Part
from marketplace.house.supervisor import PR_SET_PDEATHSIG

ROOT = Path(__file__).resolve().parents[2]
PAINTERS = ("painter-1", "painter-2")
STUDIO = "generation.worker.studio"
STOP_SECONDS = 30.0


@dataclass
class Unit:
    """One process with its descendants, started again whenever it is down, unless it is to stay down for a while."""

    part: Part
    log: Path
    before: Callable[[], None] = lambda: None  # done each time before it starts
    clock: Path | None = None  # the library by which its clock is wrong
    process: "subprocess.Popen[bytes] | None" = None
    down_until: float = 0.0
    starts: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tend(self) -> None:
        """Start it if it is down and need not be."""
        with self.lock:
            if (self.process is None or self.process.poll() is not None) and time.monotonic() >= self.down_until:
                self.before()
                self.process = self._spawn()
                self.starts += 1

    def kill(self, *, stay_down: float = 0.0, number: int = signal.SIGKILL) -> None:
        """End it with all its descendants."""
        with self.lock:
            self.down_until = time.monotonic() + stay_down
            self.send(number)
            if self.process is not None:
                try:
                    self.process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    self.send(signal.SIGKILL)
                    self.process.wait()
            self.send(signal.SIGKILL)

    def pids(self, command: str = "") -> list[int]:
        """The process and its descendants, or those of them that run `command`."""
        if self.process is None:
            return []
        found = subprocess.run(
            ["pgrep", "-g", str(self.process.pid), "-f", command or "."], capture_output=True, text=True
        )
        return [int(line) for line in found.stdout.split()]

    def send(self, number: int) -> None:
        """Send a signal to the process and its descendants; PostgreSQL's own are its affair, unless it is killed."""
        if self.process is None:
            return
        try:
            if self.part.name == "postgres" and number == signal.SIGINT:
                self.process.send_signal(number)
            else:
                os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def wait_until_ready(self, seconds: float = 60.0) -> None:
        """Wait for its first sign of life."""
        until = time.monotonic() + seconds
        while not self._is_ready():
            if time.monotonic() > until:
                raise TimeoutError(f"{self.part.name} does not come up; see {self.log}")
            self.tend()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return bool(self.part.is_ready())
        except Exception:  # noqa: BLE001  # every client library has its own way to say "not yet"
            return False

    def _spawn(self) -> "subprocess.Popen[bytes]":
        clock = {"LD_PRELOAD": str(self.clock)} if self.clock else {}
        environment = os.environ | self.part.environment | clock
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.part.argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, user=self.part.user, preexec_fn=_die_with_parent,
            )  # fmt: skip


class Keeper:
    """Keeps all units up in a thread of its own."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = {unit.part.name: unit for unit in units}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take everything down."""
        self._done.set()
        if self._thread.ident is not None:
            self._thread.join()
        for unit in reversed(self.units.values()):
            unit.kill(stay_down=3600)

    def _keep(self) -> None:
        while not self._done.wait(0.1):
            for unit in self.units.values():
                unit.tend()


def _die_with_parent() -> None:
    """Should the storm itself be killed, its house goes with it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def servers(home: Path, ports: dict[str, int], keys: dict[str, str]) -> list[Unit]:
    """PostgreSQL, Redis and S3."""
    made = [
        parts.postgres(home / "postgres"),
        parts.redis_server(home / "redis", ports["redis"]),
        parts.object_store(home / "s3", ports["s3"], **keys, public_buckets=["atelier-public"]),
    ]
    leftover = home / "postgres" / "postmaster.pid"
    befores = {"postgres": lambda: leftover.unlink(missing_ok=True)}
    return [Unit(part, home / f"{part.name}.log", befores.get(part.name, lambda: None)) for part in made]


def workers(home: Path) -> list[Unit]:
    """Two painters, one for events, the relay and the sweeper."""
    dramatiq = [sys.executable, "-m", "dramatiq", "marketplace.core.worker_process", "--processes", "1"]
    manage = [sys.executable, "manage.py"]
    commands = {name: [*dramatiq, "--threads", "1", "--queues", "cpu", "gpu"] for name in PAINTERS}
    commands |= {"io": [*dramatiq, "--threads", "2", "--queues", "io"], "relay": [*manage, "relay"]}
    commands["sweeper"] = [*manage, "sweep"]
    return [Unit(Part(name, argv, lambda: True), home / f"{name}.log") for name, argv in commands.items()]


def forget_redis(home: Path) -> None:
    """Remove what Redis wrote."""
    for file in (home / "redis").iterdir():
        shutil.rmtree(file) if file.is_dir() else file.unlink()


def studios_of(home: Path) -> list[int]:
    """Every studio of this house, whoever started it."""
    found = subprocess.run(["pgrep", "-f", f"{STUDIO} .*--folder {home} "], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]
