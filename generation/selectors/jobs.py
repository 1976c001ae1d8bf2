"""Reading jobs."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from generation.models import Job, JobState
from generation.models.jobs import JobQuerySet
from generation.selectors.waits import Wait, estimate_wait
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot:
    """What someone who watches a job sees at one moment."""

    state: str
    progress: float
    stage: str
    preview_url: str
    error: dict[str, str] | None
    artwork: str | None
    estimated_wait: Wait | None
    is_final: bool


def jobs_of(user: User) -> JobQuerySet:
    """A person's jobs, newest first; staff see everybody's."""
    jobs = Job.objects.select_related("artwork").order_by("-id")
    return jobs if user.is_staff else jobs.owned_by(user.pk)


def job_by_id(job_id: UUID, user: User) -> Job:
    """One's own job, or for staff anybody's. Raises NotFound."""
    job = jobs_of(user).filter(pk=job_id).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    return job


def job_snapshot(job_id: UUID) -> JobSnapshot:
    """How a job stands. Raises NotFound. Whether one may look is asked before (`job_by_id`)."""
    job = Job.objects.select_related("artwork").filter(pk=job_id).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    artwork = getattr(job, "artwork", None)
    return JobSnapshot(
        state=job.state,
        progress=round(job.progress, 4),
        stage=job.stage,
        preview_url=job.preview_url,
        error={"code": job.error_code, "detail": job.error_detail} if job.error_code else None,
        artwork=str(artwork.pk) if artwork else None,
        estimated_wait=estimate_wait(job),
        is_final=job.is_final,
    )


def next_waiting(queue: str) -> UUID | None:
    """The job that a worker of a queue should take next, if any waits."""
    return Job.objects.waiting(queue).values_list("pk", flat=True).first()


def held_by(token: UUID) -> dict[UUID, bool]:
    """The jobs that a lease still holds, and of each whether somebody called it off."""
    held = Job.objects.filter(lease_token=token, state=JobState.RUNNING)
    return {job_id: asked is not None for job_id, asked in held.values_list("pk", "cancel_requested_at")}
