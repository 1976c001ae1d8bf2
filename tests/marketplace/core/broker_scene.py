"""Where brokers are tried: real workers in processes of their own, and the marks that they leave."""

import contextlib
import itertools
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker

from marketplace.core.broker import CPU
from marketplace.house.parts import Part
from marketplace.house.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Scene:
    """A broker of the house's making, workers in processes of their own, and the folder of their marks."""

    url: str
    folder: Path
    broker: dramatiq.Broker
    supervisor: Supervisor
    workers: Iterator[int] = field(default_factory=itertools.count)

    def hire(self, **environment: str) -> Child:
        """Start a worker that makes one thing at a time."""
        argv = [sys.executable, "-m", "dramatiq", "tests.marketplace.core.contract_actors", "--queues", CPU]
        given = {"BROKER_URL": self.url, "PYTHONPATH": str(ROOT)} | environment
        part = Part(f"worker-{next(self.workers)}", [*argv, "--processes", "1", "--threads", "1"], lambda: True)
        part.environment.update(given)
        return self.supervisor.start(part)

    def send(self, name: str, actor: str = "leave_marks", **chosen: Any) -> None:
        given = {"folder": str(self.folder), "name": name} | chosen
        self.broker.enqueue(dramatiq.Message(CPU, actor, (), given, {}))

    def who(self, words: str) -> list[str]:
        """The processes that said so."""
        file = self.folder / words
        return file.read_text().split() if file.exists() else []

    def until(self, *words: str, within: float = 60.0) -> None:
        """Wait until all of it has been said."""
        self.eventually(lambda: all(self.who(each) for each in words), within)

    def eventually(self, is_so: Callable[[], bool], within: float = 60.0) -> None:
        deadline = time.monotonic() + within
        while not is_so():
            assert time.monotonic() < deadline, sorted(file.name for file in self.folder.iterdir())
            time.sleep(0.05)

    def leave(self) -> None:
        """End the workers, who hold nothing that matters and would take their time, and leave the queues empty."""
        for child in self.supervisor.children:
            kill(child)
        self.supervisor.stop()
        self.broker.flush_all()
        self.broker.close()

    def waiting(self) -> int:
        """The messages that wait, or are with a worker."""
        if isinstance(self.broker, RedisBroker):
            return int(self.broker.do_qsize(CPU))
        assert isinstance(self.broker, RabbitmqBroker)
        return self.broker.get_queue_message_counts(CPU)[0]

    def dead_letters(self) -> int:
        if isinstance(self.broker, RedisBroker):
            letters: Any = self.broker.client.zcard(f"dramatiq:{CPU}.XQ")
            return int(letters)
        assert isinstance(self.broker, RabbitmqBroker)
        return self.broker.get_queue_message_counts(CPU)[2]


def kill(worker: Child) -> None:
    """SIGKILL for it and its children, if it runs."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
