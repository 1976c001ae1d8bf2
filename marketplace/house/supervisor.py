"""Starts processes, waits until each answers, starts again what falls, and leaves nothing behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from marketplace.house.parts import Part

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 12.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0


class CannotStart(Exception):
    """One sentence for the person at the terminal."""


@dataclass
class Child:
    """A part that runs, or waits to be started again."""

    part: Part
    process: "subprocess.Popen[bytes]"
    log: IO[bytes]
    started: float
    failures: int = 0
    due: float | None = None


@dataclass
class Supervisor:
    """Keeps a set of parts running until told to stop."""

    logs: Path
    say: Callable[[str], None] = print
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def start(self, part: Part, *, patience: float = 60.0) -> Child:
        """Run the part and return once it is ready. Raises CannotStart with the end of its log."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = (self.logs / f"{part.name}.log").open("ab")
        child = Child(part, _spawn(part, log), log, time.monotonic())
        self.children.append(child)
        deadline = time.monotonic() + patience
        while not _is_ready(part):
            if child.process.poll() is not None or time.monotonic() > deadline:
                state = "stopped at once" if child.process.poll() is not None else "does not answer"
                raise CannotStart(f"{part.name} {state}; the end of {log.name}:\n{_tail(Path(log.name))}")
            time.sleep(0.05)
        return child

    def watch(self, seconds: float) -> None:
        """Look after the children for a while: what fell is started again, later each time it falls early."""
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            for child in list(self.children):
                self._tend(child)
            time.sleep(0.2)

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.due is not None:
            if now >= child.due:
                child.process, child.started, child.due = _spawn(child.part, child.log), now, None
            return
        status = child.process.poll()
        if status is None:
            return
        if child.part.is_errand:
            self._dismiss(child, status)
            return
        child.failures = 0 if now - child.started > STEADY_SECONDS else child.failures + 1
        pause = min(2.0 ** (child.failures - 1), LONGEST_PAUSE) if child.failures else 0.0
        child.due = now + pause
        self.say(f"{child.part.name} ended ({_describe(status)}); starting it again in {pause:.0f} s")

    def _dismiss(self, child: Child, status: int) -> None:
        self.children.remove(child)
        child.log.close()
        if status:
            self.say(f"{child.part.name} could not be done ({_describe(status)}); see {child.log.name}")

    def stop(self) -> None:
        """Stop everything, last started first; what does not go in time is killed with all its descendants."""
        self.stopping = True
        for child in reversed(self.children):
            if child.process.poll() is None:
                _signal_group(child, getattr(signal, child.part.stop_signal))
                try:
                    child.process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    self.say(f"{child.part.name} did not stop; killing it")
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
            child.log.close()
        self.children.clear()


def _spawn(part: Part, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        part.argv,
        env=os.environ | part.environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops everything in order.
        start_new_session=True,
        user=part.user,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )


def _die_with_parent() -> None:
    """Should the supervisor itself be killed, the kernel tells its children to stop."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(child: Child, number: int) -> None:
    try:
        if number == signal.SIGKILL:
            os.killpg(child.process.pid, number)
        else:
            # Only the leader is asked: PostgreSQL and Dramatiq stop their own children in their own order.
            child.process.send_signal(number)
    except ProcessLookupError:
        return


def _is_ready(part: Part) -> bool:
    try:
        return part.is_ready()
    except Exception:  # noqa: BLE001  # every client library has its own way to say "not yet"
        return False


def _describe(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def _tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
