"""Keeps a lease while its job runs: a thread renews it, whatever the engine's thread is doing."""

import time
from threading import Event, Thread
from types import TracebackType
from typing import Self

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from generation import selectors, services
from generation.models import Job

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.5


class LeaseKeeper:
    """While open, the job stays ours; `should_stop` tells the engine when it does not or was called off."""

    def __init__(self, job: Job) -> None:
        assert job.lease_token is not None
        self.job_id, self.token = job.pk, job.lease_token
        self._every = settings.ATELIER.lease_seconds / 3
        self._done = Event()
        self._lost = Event()
        self._thread = Thread(target=self._keep, name=f"lease-{job.pk}", daemon=True)
        self._looked, self._cancelled = 0.0, False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(timeout=self._every)

    def should_stop(self) -> bool:
        """Was the job called off, or taken from us? Looks at the database at most twice a second."""
        now = time.monotonic()
        if not self._cancelled and now - self._looked >= LOOK_SECONDS:
            self._looked = now
            try:
                self._cancelled = selectors.is_cancel_requested(self.job_id)
            except DatabaseError as error:
                # Not a reason to stop painting: if it lasts, the lease lapses and the job is another worker's.
                log.warning("keeper.database", error=str(error))
                close_old_connections()
        return self._cancelled or self._lost.is_set()

    def _keep(self) -> None:
        while not self._done.wait(self._every):
            try:
                if not services.renew_lease(job_id=self.job_id, token=self.token):
                    log.warning("lease.lost", job=str(self.job_id))
                    self._lost.set()
                    return
            except DatabaseError as error:
                log.warning("keeper.database", error=str(error))
            finally:
                close_old_connections()
