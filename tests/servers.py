"""A server that a test may kill and start again, such as a broker of its own."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from marketplace.house.parts import Part
from marketplace.house.supervisor import Child, Supervisor


@dataclass
class Server:
    """One part of the house, where it is reached, and its process."""

    part: Part
    url: str
    supervisor: Supervisor
    child: Child

    @classmethod
    @contextmanager
    def running(cls, part: Part, url: str, *, logs: Path) -> Iterator[Self]:
        """The server for as long as the block lasts."""
        supervisor = Supervisor(logs=logs)
        try:
            yield cls(part, url, supervisor, supervisor.start(part))
        finally:
            supervisor.stop()

    def kill(self) -> None:
        """End it without a word, with all its children."""
        os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.process.wait()

    def start(self) -> None:
        """Start it again on the data that it left."""
        self.child = self.supervisor.start(self.part)
