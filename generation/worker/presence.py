"""Says every few seconds that this worker process lives, what it holds, and what it has counted."""

import os
import socket
from threading import Event, Thread

import dramatiq
import structlog
from django.db import DatabaseError, close_old_connections
from dramatiq.middleware import Middleware

from generation import services
from generation.worker import meters
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

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        queues = sorted(worker.consumer_whitelist or broker.get_declared_queues())
        self._stop.clear()
        self._thread = Thread(target=self._beat, args=(queues,), name="presence", daemon=True)
        self._thread.start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=BEAT_SECONDS)

    def _beat(self, queues: list[str]) -> None:
        name = worker_name()
        while True:
            try:
                health.beat(f"worker:{name}")
                services.note_worker(
                    name=name, host=socket.gethostname(), queues=queues, device=meters.studio.device,
                    memory_used=meters.studio.memory_used, memory_total=meters.studio.memory_total,
                    engines=meters.studio.engines, samples=meters.snapshot(),
                )  # fmt: skip
            except DatabaseError as error:
                log.warning("presence.database", error=str(error))
            finally:
                close_old_connections()
            if self._stop.wait(BEAT_SECONDS):
                break
        self._leave(name)

    def _leave(self, name: str) -> None:
        try:
            services.forget_worker(name=name)
        except DatabaseError as error:
            log.warning("presence.database", error=str(error))
        finally:
            close_old_connections()
