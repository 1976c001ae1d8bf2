"""Says every few seconds that this worker process lives, busy or idle."""

import os
import socket
from threading import Event, Thread
from typing import Any

import dramatiq
import structlog
from django.db import DatabaseError, close_old_connections
from dramatiq.middleware import Middleware

from marketplace.core import health

log = structlog.get_logger(__name__)
BEAT_SECONDS = 5.0


def worker_name() -> str:
    """This process, as it is called in jobs, attempts and heartbeats."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Presence(Middleware):
    """Dramatiq middleware: a thread that beats from the worker's start to its end."""

    def __init__(self) -> None:
        self._stop = Event()
        self._thread: Thread | None = None

    def after_worker_boot(self, broker: dramatiq.Broker, worker: Any) -> None:
        self._stop.clear()
        self._thread = Thread(target=self._beat, name="presence", daemon=True)
        self._thread.start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: Any) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=BEAT_SECONDS)

    def _beat(self) -> None:
        while True:
            try:
                health.beat(f"worker:{worker_name()}")
            except DatabaseError as error:
                log.warning("presence.database", error=str(error))
            finally:
                close_old_connections()
            if self._stop.wait(BEAT_SECONDS):
                return
