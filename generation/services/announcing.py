"""Telling others about a job: workers that there is one, watchers that it moved, other rooms that it ended."""

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
    outbox.wake(f"run_job_{job.queue}", job.pk)


def nudge_watchers(job_id: UUID) -> None:
    """Have everybody who watches the job look again."""
    notify.publish(CHANNEL, str(job_id))


def announce(job: Job) -> None:
    """Nudge watchers, and tell other rooms if the job has ended; in the transaction that changed its state."""
    nudge_watchers(job.pk)
    if topic := ENDINGS.get(JobState(job.state)):
        outbox.emit(topic, job.pk)
