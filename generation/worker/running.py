"""What a message sets in motion: batches are leased and made until nothing waits."""

import socket
import time
from uuid import UUID

import structlog
from dramatiq.middleware import Shutdown

from generation import selectors, services
from generation.worker import meters
from generation.worker.batch import Batch
from generation.worker.presence import worker_name
from generation.worker.studios import borrowed

log = structlog.get_logger(__name__)
# Works as quick as that come in streams: after a moment several wait, which cost hardly more than one.
QUICK, LINGER = 0.05, 0.02  # seconds
LONGEST = 60.0  # seconds on one message: brokers grow uneasy about messages that are held for long


def run_jobs(queue: str) -> None:
    """Make what waits in a queue; after a minute another message goes on, so that none is held for long."""
    until = time.monotonic() + LONGEST
    try:
        while began := _timed_batch(queue):
            if time.monotonic() > until and (job_id := selectors.next_waiting(queue)):
                services.pass_on(queue=queue, job_id=job_id)
                return
            if time.monotonic() - began < QUICK:
                time.sleep(LINGER)
    except Shutdown:
        log.info("worker.told_to_stop", queue=queue)


def _timed_batch(queue: str) -> float:
    """When a batch was begun; 0 where nothing waited."""
    began = time.monotonic()
    return began if run_next_batch(queue) else 0.0


def run_next_batch(queue: str) -> list[UUID]:
    """Take the next job of a queue, with those it may be made together with, and bring them to an end.

    Returns the jobs that were taken: none where none waits.
    """
    if selectors.next_waiting(queue) is None:
        return []
    with borrowed() as studio:
        studio.wait_until_ready()
        jobs = services.lease_jobs(queue=queue, worker=worker_name(), host=socket.gethostname(), device=studio.device)
        if jobs:
            meters.jobs_started(jobs)
            context = {"job": str(jobs[0].pk), "attempt": jobs[0].attempt} if len(jobs) == 1 else {"batch": len(jobs)}
            with structlog.contextvars.bound_contextvars(**context, request_id=jobs[0].request_id):
                Batch(jobs, studio).run()
    return [job.pk for job in jobs]
