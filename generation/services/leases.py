"""Leases: a worker holds a job for a short while and says again and again that it still does.

Who holds the lease token may finish the job; nobody else may. All times are the database's, so that a worker whose
clock is wrong neither keeps a job nor takes one away.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from generation.models import Attempt, Job, JobState, Outcome
from generation.services.announcing import nudge_watchers, wake_worker
from generation.services.endings import close_attempt, put_back

log = structlog.get_logger(__name__)

# A queue in which nothing stirs has lost its messages; in a busy one a long wait is only a long line.
PATIENCE_IDLE = timedelta(seconds=15)
PATIENCE_BUSY = timedelta(minutes=5)
WAKE_AT_ONCE = 32


def lease_job(*, queue: str, worker: str, host: str, device: str) -> Job | None:
    """Take the next waiting job of a queue, or None; no two workers get the same one."""
    with transaction.atomic():
        job = Job.objects.waiting(queue).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, lease_token=uuid4(), lease_expires_at=Now() + _lease(), worker=worker,
            attempt=F("attempt") + 1, progress=0.0, stage="", started_at=Now(), updated_at=Now(),
        )  # fmt: skip
        job.refresh_from_db()
        Attempt.objects.create(job=job, number=job.attempt, worker=worker, host=host, device=device)
        nudge_watchers(job.pk)
    return job


def renew_lease(*, job_id: UUID, token: UUID) -> bool:
    """Hold the job for another while; False where it is no longer ours."""
    return bool(Job.objects.held(job_id, token).update(lease_expires_at=Now() + _lease()))


def release_job(*, job_id: UUID, token: UUID) -> bool:
    """Hand a job back unfinished, because the worker is told to stop; False where it is no longer ours."""
    with transaction.atomic():
        job = Job.objects.held(job_id, token).select_for_update().first()
        if job is None:
            return False
        close_attempt(job, Outcome.RELEASED)
        put_back(job)
    log.info("job.released", job=str(job_id))
    return True


def take_back_lapsed() -> int:
    """Take jobs away from workers that stopped saying they hold them; return how many."""
    taken = 0
    for job_id in list(Job.objects.lapsed().values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            job = Job.objects.lapsed().select_for_update(skip_locked=True).filter(pk=job_id).first()
            if job is None:
                continue
            code, detail = "worker-lost", "The worker that made this work went away."
            close_attempt(job, Outcome.LOST, code, detail)
            put_back(job, fault=(code, detail))
            taken += 1
            log.warning("job.worker_lost", job=str(job.pk), worker=job.worker, attempt=job.attempt)
    return taken


def wake_forgotten() -> int:
    """Wake workers for jobs that are due and whose message was lost or never sent; return how many."""
    woken = 0
    for queue in Job.objects.filter(state=JobState.QUEUED).values_list("queue", flat=True).distinct():
        patience = PATIENCE_BUSY if _stirs(queue) else PATIENCE_IDLE
        with transaction.atomic():
            due = Job.objects.waiting(queue).filter(Q(woken_at=None) | Q(woken_at__lt=Now() - patience))
            for job in due.select_for_update(skip_locked=True)[:WAKE_AT_ONCE]:
                wake_worker(job)
                woken += 1
    return woken


def _stirs(queue: str) -> bool:
    """Does any worker take jobs from this queue just now?"""
    running = Q(job__state=JobState.RUNNING, ended_at=None)
    lately = Q(ended_at__gt=Now() - PATIENCE_IDLE)
    return Attempt.objects.filter(running | lately, job__queue=queue).exists()


def _lease() -> timedelta:
    return timedelta(seconds=settings.ATELIER.lease_seconds)
