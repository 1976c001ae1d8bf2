"""Leases: a worker holds jobs for a short while and says again and again that it still does.

Who holds the lease token may finish the jobs; nobody else may. All times are the database's, so that a worker whose
clock is wrong neither keeps a job nor takes one away.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from generation import selectors
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.models import Attempt, Job, JobState, Outcome, Purpose
from generation.models.jobs import JobQuerySet
from generation.services.announcing import nudge_watchers, send_wake, wake_worker
from generation.services.endings import close_attempts, put_back
from marketplace.core.languages import kept

log = structlog.get_logger(__name__)

# A queue in which nothing stirs has lost its messages; in a busy one a long wait is only a long line.
PATIENCE_IDLE = timedelta(seconds=15)
PATIENCE_BUSY = timedelta(minutes=5)
WAKE_AT_ONCE = 32
LEASING = 0x4C45  # with the queue's name, PostgreSQL's advisory lock under which jobs are leased


def lease_jobs(*, queue: str, worker: str, host: str, device: str) -> list[Job]:
    """Take the next waiting job of a queue, and those that may be made in one batch with it; none where none waits.

    All get the same lease token. One worker at a time leases from a queue: so the limits of people and engines hold
    exactly, and a batch is gathered by one.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LEASING, queue])
        jobs = _next_batch(_allowed(queue), worker)
        if jobs:
            _mark_leased(jobs, worker=worker, host=host, device=device)
    return jobs


def renew_leases(*, token: UUID) -> int:
    """Hold the jobs of a lease for another while; return how many are still ours."""
    return Job.objects.filter(state=JobState.RUNNING, lease_token=token).update(lease_expires_at=Now() + _lease())


def release_job(*, job_id: UUID, token: UUID) -> bool:
    """Hand a job back unfinished, through no fault of its own; False where it is no longer ours."""
    with transaction.atomic():
        job = Job.objects.held(token, job_id).select_for_update().first()
        if job is None:
            return False
        close_attempts([job], Outcome.RELEASED)
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
            code, detail = "worker-lost", kept("The worker that made this work went away.")
            close_attempts([job], Outcome.LOST, code, detail)
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


def pass_on(*, queue: str, job_id: UUID) -> None:
    """Wake a worker for what still waits in a queue, because this one has worked long enough on one message."""
    with transaction.atomic():
        send_wake(queue, job_id)


def _allowed(queue: str) -> JobQuerySet:
    atelier = settings.ATELIER
    waiting = Job.objects.waiting(queue).select_for_update(skip_locked=True)
    return waiting.within_limits(of_user=atelier.user_concurrency, of_engine=atelier.engine_concurrency)


def _next_batch(waiting: JobQuerySet, worker: str) -> list[Job]:
    """The first job, and with it others of its batch key up to what the engine, the memory and the limits allow.

    A job that had a fault is made alone: should it be the one that kills workers, it takes nobody along. A training is
    not begun while something more urgent waits in another queue of this worker.
    """
    first = waiting.first()
    if first is None or (first.purpose == Purpose.TRAIN and selectors.is_overtaken(first, worker=worker)):
        return []
    most = _most_together(first)
    if most < 2 or first.faults or not first.batch_key:
        return [first]
    room = settings.ATELIER.batch_memory - first.memory
    batch, mates = [first], waiting.filter(batch_key=first.batch_key, faults=0).exclude(pk=first.pk)
    for mate in mates[: most - 1]:
        room -= mate.memory
        if room < 0:
            break
        batch.append(mate)
    return batch


def _most_together(job: Job) -> int:
    atelier = settings.ATELIER
    # A batch could overstep a limit that each of its jobs keeps: those who set limits get single jobs.
    if atelier.user_concurrency or job.engine in atelier.engine_concurrency:
        return 1
    try:
        return registry.declaration(job.engine).most_together
    except UnknownEngine:
        return 1  # the studio says what is wrong with it


def _mark_leased(jobs: list[Job], *, worker: str, host: str, device: str) -> None:
    token, ids = uuid4(), [job.pk for job in jobs]
    Job.objects.filter(pk__in=ids).update(
        state=JobState.RUNNING, lease_token=token, lease_expires_at=Now() + _lease(), worker=worker,
        attempt=F("attempt") + 1, progress=0.0, stage="", started_at=Now(), updated_at=Now(),
    )  # fmt: skip
    for job in jobs:
        job.state, job.lease_token, job.attempt, job.worker = JobState.RUNNING, token, job.attempt + 1, worker
    Attempt.objects.bulk_create(
        Attempt(job=job, number=job.attempt, worker=worker, host=host, device=device, batch=len(jobs)) for job in jobs
    )
    nudge_watchers(*ids)


def _stirs(queue: str) -> bool:
    """Does any worker take jobs from this queue just now?"""
    running = Q(job__state=JobState.RUNNING, ended_at=None)
    lately = Q(ended_at__gt=Now() - PATIENCE_IDLE)
    return Attempt.objects.filter(running | lately, job__queue=queue).exists()


def _lease() -> timedelta:
    return timedelta(seconds=settings.ATELIER.lease_seconds)
