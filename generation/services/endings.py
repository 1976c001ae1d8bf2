"""The steps by which running jobs stop running; each is taken with the jobs' rows locked by the caller."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models.functions import Now

from generation.models import Attempt, Job, JobState, Outcome, Purpose, Training
from generation.services.announcing import announce, send_wake

MOST_FAULTS = 3
FIRST_PAUSE = timedelta(seconds=2)


def close_attempts(jobs: Sequence[Job], outcome: Outcome, code: str = "", detail: str = "") -> None:
    """Write how the present attempt of each job ended."""
    Attempt.objects.filter(job__in=jobs, ended_at=None).update(
        ended_at=Now(), outcome=outcome, error_code=code, error_detail=detail
    )


def end(
    jobs: Sequence[Job], state: JobState, code: str = "", detail: str = "", *, dead: bool = False, **changes: object
) -> None:
    """Bring jobs to their last state and tell those who wait for them; `dead` ones wait for an operator's look."""
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        state=state, lease_token=None, lease_expires_at=None, finished_at=Now(), updated_at=Now(),
        error_code=code, error_detail=detail, dead_at=Now() if dead else None, **changes,
    )  # fmt: skip
    for job in jobs:
        job.state, job.lease_token, job.error_code, job.error_detail = state, None, code, detail
    announce(jobs)


def put_back(job: Job, fault: tuple[str, str] | None = None) -> None:
    """Queue the job again, unless it was called off meanwhile or has had too many faults.

    A training that came on meanwhile has its faults forgotten: a long one outlives any number of workers.
    After a fault it waits (2 s, 4 s, …) and the sweeper wakes a worker when it is due; without one a worker is woken
    at once.
    """
    code, detail = fault or ("", "")
    faults = (0 if _came_on(job) else job.faults) + (1 if fault else 0)
    if job.cancel_requested_at is not None:
        return end([job], JobState.CANCELLED)
    if faults >= MOST_FAULTS:
        return end([job], JobState.FAILED, code, detail, dead=True, faults=faults)
    pause = FIRST_PAUSE * 2 ** (faults - 1) if fault else timedelta(0)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED, lease_token=None, lease_expires_at=None, progress=0.0, stage="", faults=faults,
        available_at=Now() + pause, woken_at=None if fault else Now(), updated_at=Now(),
    )  # fmt: skip
    job.state, job.lease_token, job.faults = JobState.QUEUED, None, faults
    if not fault:
        send_wake(job.queue, job.pk)
    announce([job])
    return None


def _came_on(job: Job) -> bool:
    """Has a training left a checkpoint since it was last begun?"""
    if job.purpose != Purpose.TRAIN or job.started_at is None:
        return False
    return Training.objects.filter(job=job, checkpoint_at__gt=job.started_at).exists()
