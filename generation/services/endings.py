"""The steps by which a running job stops running; each is taken with the job's row locked by the caller."""

from datetime import timedelta

from django.db.models.functions import Now

from generation.models import Attempt, Job, JobState, Outcome
from generation.services.announcing import announce, wake_worker

MOST_FAULTS = 3
FIRST_PAUSE = timedelta(seconds=2)


def close_attempt(job: Job, outcome: Outcome, code: str = "", detail: str = "") -> None:
    """Write how the present attempt ended."""
    Attempt.objects.filter(job=job, number=job.attempt, ended_at=None).update(
        ended_at=Now(), outcome=outcome, error_code=code, error_detail=detail
    )


def end(job: Job, state: JobState, code: str = "", detail: str = "", **changes: object) -> None:
    """Bring the job to its last state and tell those who wait for it."""
    Job.objects.filter(pk=job.pk).update(
        state=state, lease_token=None, lease_expires_at=None, finished_at=Now(), updated_at=Now(),
        error_code=code, error_detail=detail, **changes,
    )  # fmt: skip
    job.refresh_from_db()
    announce(job)


def put_back(job: Job, fault: tuple[str, str] | None = None) -> None:
    """Queue the job again, unless it was called off meanwhile or has had too many faults.

    After a fault it waits (2 s, 4 s, …) and the sweeper wakes a worker when it is due; without one a worker is woken
    at once.
    """
    code, detail = fault or ("", "")
    faults = job.faults + (1 if fault else 0)
    if job.cancel_requested_at is not None:
        return end(job, JobState.CANCELLED)
    if faults >= MOST_FAULTS:
        return end(job, JobState.FAILED, code, detail, faults=faults)
    pause = FIRST_PAUSE * 2 ** (faults - 1) if fault else timedelta(0)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED, lease_token=None, lease_expires_at=None, progress=0.0, stage="", faults=faults,
        available_at=Now() + pause, woken_at=None, updated_at=Now(),
    )  # fmt: skip
    job.refresh_from_db()
    if not fault:
        wake_worker(job)
    announce(job)
    return None
