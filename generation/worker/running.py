"""What a message sets in motion: batches are leased and made until nothing waits."""

import socket
import time
from collections.abc import Sequence
from uuid import UUID

import structlog
from dramatiq.middleware import Shutdown

from generation import selectors, services
from generation.models import Job
from generation.worker import meters
from generation.worker.batch import Batch
from generation.worker.presence import worker_name
from generation.worker.studios import borrowed
from marketplace.core import tracing

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
            _begin(Batch(jobs, studio), jobs)
    return [job.pk for job in jobs]


def _begin(batch: Batch, jobs: Sequence[Job]) -> None:
    """Have a batch made, with what it belongs to bound to every line of the log and to a span of its trace."""
    meters.jobs_started(jobs)
    for job in jobs:
        log.info("job.started", job=str(job.pk), attempt=job.attempt, batch=len(jobs), request_id=job.request_id)
    first = jobs[0]
    alone = {"job": str(first.pk), "attempt": first.attempt, "request_id": first.request_id}
    bound = alone if len(jobs) == 1 else {"batch": [str(job.pk) for job in jobs]}
    traced = tracing.span("job.run", parent=first.traceparent, engine=first.engine, jobs=len(jobs), job=str(first.pk))
    with structlog.contextvars.bound_contextvars(**bound), traced:
        batch.run()
