"""Jobs as people deal with them once they were asked for: calling one off, and (staff) running it again."""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext

from generation.errors import NotCancellable, NotRequeueable
from generation.models import Job, JobState, Training
from generation.services.announcing import announce, wake_worker
from generation.services.submitting import next_turn
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound

log = structlog.get_logger(__name__)


def cancel_job(*, job_id: UUID, by: User | None = None) -> Job:
    """Call a job off (`by` None: the house does): at once while it waits; a worker that is at it stops soon.

    Raises NotFound, NotCancellable.
    """
    with transaction.atomic():
        job = _lock_job(job_id)
        if by is not None and job.owner_id != by.pk and not by.is_staff:
            raise NotFound(gettext("There is no such job."))
        if job.state == JobState.CANCELLED:
            return job
        if job.is_final:
            raise NotCancellable()
        if job.state == JobState.QUEUED:
            Job.objects.filter(pk=job.pk).update(
                state=JobState.CANCELLED, cancel_requested_at=Now(), finished_at=Now(), updated_at=Now()
            )
        elif job.cancel_requested_at is None:
            Job.objects.filter(pk=job.pk).update(cancel_requested_at=Now(), updated_at=Now())
        job.refresh_from_db()
        announce([job])
    return job


def requeue_job(*, job_id: UUID) -> Job:
    """Run a failed or cancelled job again, with a new turn in line; for staff. Raises NotFound, NotRequeueable.

    A training begins at its last checkpoint, unless its artist had it taken up again already.
    """
    with transaction.atomic():
        job = _lock_job(job_id)
        if job.state not in {JobState.FAILED, JobState.CANCELLED}:
            raise NotRequeueable()
        if Training.objects.filter(resumes__job=job).exists():
            raise NotRequeueable(gettext("This training was taken up again already."))
        Job.objects.filter(pk=job.pk).update(
            state=JobState.QUEUED, progress=0.0, stage="", preview_key="", faults=0, error_code="", error_detail="",
            cancel_requested_at=None, started_at=None, finished_at=None, dead_at=None, available_at=Now(),
            turn=next_turn(owner_id=job.owner_id, queue=job.queue, priority=job.priority), updated_at=Now(),
        )  # fmt: skip
        job.refresh_from_db()
        wake_worker(job)
        announce([job])
    log.info("job.requeued", job=str(job.pk))
    return job


def put_away(*, job_id: UUID) -> Job:
    """Somebody has looked at a dead letter and leaves it at that; for staff. Raises NotFound."""
    with transaction.atomic():
        job = _lock_job(job_id)
        Job.objects.filter(pk=job.pk).update(dead_at=None, updated_at=Now())
        job.refresh_from_db()
    return job


def _lock_job(job_id: UUID) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound(gettext("There is no such job."))
    return job
