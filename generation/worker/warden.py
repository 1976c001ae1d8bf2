"""The warden: while a batch is made it keeps the lease, and sees to it that what was called off or is late stops.

An engine is asked first; if it does not listen (deep in torch's C code), its studio is killed. All this happens in a
thread of its own, whatever the worker's own thread waits for.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from generation import selectors, services
from generation.errors import LeaseLost
from generation.models import Job, Purpose
from generation.worker.studios import Studio

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.4
GRACE_SECONDS = 0.8  # for an engine to stop by itself
CHECKPOINT_SECONDS = 30.0  # for a training to write down where it is, and for that to be stored


class Warden:
    """Watches over the jobs of one lease while its block lasts. A job is open until something final was said of it."""

    def __init__(self, jobs: Sequence[Job], token: UUID, studio: Studio, time_limit: float) -> None:
        self._token, self._studio = token, studio
        self._open = {job.pk for job in jobs}
        self._grace = CHECKPOINT_SECONDS if jobs[0].purpose == Purpose.TRAIN else GRACE_SECONDS
        self._asked: dict[UUID, float] = {}
        self._lock, self._done = Lock(), Event()
        self._deadline = time.monotonic() + time_limit
        self._is_aside = False
        self._renew_every = settings.ATELIER.lease_seconds / 3
        self._renewed = time.monotonic()
        self.killed_late = False
        self.killed = False
        self._thread = Thread(target=self._watch, name=f"warden-{token}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def is_open(self, job_id: UUID) -> bool:
        """May something still be said of this job?"""
        with self._lock:
            return job_id in self._open

    def close(self, *job_ids: UUID) -> None:
        """Something final was said of these jobs, or they are not ours any more."""
        with self._lock:
            self._open.difference_update(job_ids)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The time of this block is the worker's own, not the engine's: nobody is late in it, and the limit moves on.

        While the worker waits for the object store, the studio waits for the worker to hear what it says.
        """
        began = time.monotonic()
        with self._lock:
            self._is_aside = True
        try:
            yield
        finally:
            with self._lock:
                self._is_aside = False
                self._deadline += time.monotonic() - began

    @property
    def still_open(self) -> list[UUID]:
        with self._lock:
            return sorted(self._open)

    def _watch(self) -> None:
        while not self._done.wait(LOOK_SECONDS):
            try:
                self._look()
            except DatabaseError as error:
                # No reason to stop the work: if it lasts, the lease lapses and the jobs are another worker's.
                log.warning("warden.database", error=str(error))
            finally:
                close_old_connections()
            self._enforce()

    def _look(self) -> None:
        held = selectors.held_by(self._token)
        for job_id in self.still_open:
            if job_id not in held:
                log.warning("lease.lost", job=str(job_id))
                self._call_off(job_id)
                self.close(job_id)
            elif held[job_id]:
                self._call_off(job_id)
                if time.monotonic() - self._asked[job_id] > self._grace:
                    self._stop(job_id)
        if time.monotonic() - self._renewed > self._renew_every:
            services.renew_leases(token=self._token)
            self._renewed = time.monotonic()

    def _call_off(self, job_id: UUID) -> None:
        if job_id not in self._asked:
            self._asked[job_id] = time.monotonic()
            self._studio.call_off(str(self._token), str(job_id))

    def _stop(self, job_id: UUID) -> None:
        """It did not stop by itself: for everybody else it stops now."""
        try:
            services.stop_job(job_id=job_id, token=self._token)
        except LeaseLost:
            log.info("warden.came_late", job=str(job_id))
        self.close(job_id)

    def _enforce(self) -> None:
        """Kill the studio when it is late, or makes only what nobody wants any more."""
        now = time.monotonic()
        if not self._studio.is_busy or self.killed:
            return
        if self._is_late(now):
            self.killed = self.killed_late = True
            self._studio.kill("time limit")
        elif not self.still_open and self._asked and now - max(self._asked.values()) > GRACE_SECONDS:
            self.killed = True
            self._studio.kill("called off")

    def _is_late(self, now: float) -> bool:
        with self._lock:
            return not self._is_aside and now > self._deadline
