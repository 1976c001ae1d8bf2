"""Telling others about jobs: workers that there is one, watchers that it moved, other rooms that it ended."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models.functions import Now

from generation.models import Job, JobState
from marketplace.core import notify, outbox

CHANNEL = "job"
ENDINGS = {
    JobState.SUCCEEDED: "job.succeeded",
    JobState.FAILED: "job.failed",
    JobState.CANCELLED: "job.cancelled",
}


def wake_worker(job: Job) -> None:
    """After commit, wake a worker of the job's queue; in the caller's transaction."""
    Job.objects.filter(pk=job.pk).update(woken_at=Now())
    send_wake(job.queue, job.pk)


def send_wake(queue: str, because_of: UUID) -> None:
    """The message alone, for a job whose row says already that a worker was woken."""
    outbox.wake(f"run_jobs_{queue}", because_of)


def send_wakes(jobs: Sequence[Job]) -> None:
    """The messages for jobs of one queue that are being written now."""
    outbox.wake(f"run_jobs_{jobs[0].queue}", *(job.pk for job in jobs))


def nudge_watchers(*job_ids: UUID) -> None:
    """Have everybody who watches the jobs look again."""
    notify.publish(CHANNEL, *(str(job_id) for job_id in job_ids))


def announce(jobs: Sequence[Job]) -> None:
    """Nudge watchers, and tell other rooms of jobs that have ended; in the transaction that changed their state."""
    nudge_watchers(*(job.pk for job in jobs))
    for state, topic in ENDINGS.items():
        if ended := [job.pk for job in jobs if job.state == state]:
            outbox.emit(topic, *ended)
