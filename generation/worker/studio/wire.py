"""How a worker and its studio talk: a JSON head, then as many blobs as it announces. No pickles: neither runs code
that the other sent.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

MOST_BYTES = 1 << 30  # one blob: a film's worth


@dataclass(frozen=True, slots=True)
class Message:
    """What kind it is, its fields, and the bytes that come with it."""

    kind: str
    fields: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


class Wire:
    """One end of the socket. Any thread may send; one thread receives."""

    def __init__(self, descriptor: int) -> None:
        self._connection = Connection(descriptor)
        self._sending = Lock()

    def send(self, kind: str, blobs: Sequence[bytes] = (), **fields: Any) -> None:
        """Send one message whole. Raises OSError where the other end is gone."""
        head = json.dumps({"kind": kind, "blobs": len(blobs), "fields": fields}).encode()
        with self._sending:
            self._connection.send_bytes(head)
            for blob in blobs:
                self._connection.send_bytes(blob)

    def receive(self) -> Message:
        """Wait for a message. Raises EOFError or OSError where the other end is gone."""
        head = json.loads(self._connection.recv_bytes(MOST_BYTES))
        blobs = tuple(self._connection.recv_bytes(MOST_BYTES) for _ in range(head["blobs"]))
        return Message(head["kind"], head["fields"], blobs)

    def waits(self, seconds: float) -> bool:
        """Is there something to receive, or does something come within so many seconds?"""
        return self._connection.poll(seconds)

    def close(self) -> None:
        self._connection.close()
