"""The supervisor: waits for what it starts, starts again what falls, leaves nothing behind."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from marketplace.house.parts import Part
from marketplace.house.supervisor import CannotStart, Supervisor

SLEEPER = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"


def part(code: str, name: str = "thing", ready: bool = True) -> Part:
    return Part(name=name, argv=[sys.executable, "-c", code], is_ready=lambda: ready)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(logs=tmp_path / "log", say=said.append)
    yield supervisor
    supervisor.stop()


def test_what_falls_is_started_again(supervisor: Supervisor, said: list[str]) -> None:
    child = supervisor.start(part(SLEEPER))
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while child.process.pid == first and time.monotonic() < deadline:
        supervisor.watch(0.3)
    assert child.process.pid != first
    assert child.process.poll() is None
    assert "killed by SIGKILL" in said[0]


@pytest.mark.parametrize(("code", "told"), [("", []), ("import sys; sys.exit(3)", ["exit status 3"])])
def test_an_errand_is_run_once_and_only_its_failure_is_told(
    supervisor: Supervisor, said: list[str], code: str, told: list[str]
) -> None:
    errand = replace(part(code, "errand"), is_errand=True)
    child = supervisor.start(errand)
    child.process.wait(10)
    supervisor.watch(0.5)
    assert supervisor.children == []
    assert len(said) == len(told)
    assert all(words in line and "errand.log" in line for words, line in zip(told, said, strict=True))


def test_a_part_that_stops_at_once_is_named_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match="fragile stopped at once.*\n.*out of paint"):
        supervisor.start(part("import sys; sys.exit('out of paint')", "fragile", ready=False))


def test_a_part_that_never_answers_is_not_waited_for_for_ever(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match="thing does not answer"):
        supervisor.start(part(SLEEPER, ready=False), patience=0.3)


def test_stopping_leaves_no_process_behind(supervisor: Supervisor) -> None:
    parent = supervisor.start(part(PARENT)).process.pid
    deadline = time.monotonic() + 10
    while not (children := psutil.Process(parent).children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    supervisor.stop()
    psutil.wait_procs(children, timeout=5)
    assert not psutil.pid_exists(parent)
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)


def test_what_does_not_want_to_stop_is_killed(
    supervisor: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.house.supervisor.STOP_SECONDS", 0.3)
    child = supervisor.start(part(STUBBORN))
    log = Path(child.log.name)
    while "up" not in log.read_text():
        time.sleep(0.05)
    supervisor.stop()
    assert said == ["thing did not stop; killing it"]
    assert child.process.poll() == -signal.SIGKILL
