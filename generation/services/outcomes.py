"""What a worker says of the job it holds: how far it is, and how it ended. Each is heard only with a valid lease."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Now

from generation.errors import LeaseLost
from generation.models import Artwork, ArtworkFile, FileRole, Job, JobState, Outcome
from generation.services.announcing import nudge_watchers
from generation.services.endings import close_attempt, end, put_back
from generation.services.files import StoredFile

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a worker made: the picture's size, the recipe, and the files that lie in the object store already."""

    engine_version: str
    width: int
    height: int
    medium: str
    model_hash: str
    recipe: dict[str, Any]
    files: tuple[StoredFile, ...]


def report_progress(*, job_id: UUID, token: UUID, progress: float, stage: str, preview_key: str | None) -> bool:
    """Say how far the work has come, with a picture of it where there is a new one; False where the lease is lost."""
    picture = {} if preview_key is None else {"preview_key": preview_key}
    with transaction.atomic():
        held = Job.objects.held(job_id, token).update(
            progress=min(1.0, max(0.0, progress)), stage=stage[:80], updated_at=Now(), **picture
        )
        if held:
            nudge_watchers(job_id)
    return bool(held)


def finish_job(*, job_id: UUID, token: UUID, finished: Finished) -> Artwork:
    """Make the artwork of a job that is done, once and in one transaction. Raises LeaseLost."""
    with transaction.atomic():
        job = _held(job_id, token)
        artwork = Artwork.objects.create(
            job=job, title=job.title, maker=job.owner, owner=None if job.as_proof else job.owner, artist=job.artist,
            style_artist=job.style_artist, engine=job.engine, engine_version=finished.engine_version, seed=job.seed,
            medium=finished.medium, model_hash=finished.model_hash, recipe=finished.recipe,
            width=finished.width, height=finished.height,
        )  # fmt: skip
        ArtworkFile.objects.bulk_create(_row(artwork, file) for file in finished.files)
        close_attempt(job, Outcome.SUCCEEDED)
        end(job, JobState.SUCCEEDED, progress=1.0, stage="", preview_key=_face(finished) or job.preview_key)
    log.info("job.succeeded", job=str(job_id), artwork=str(artwork.pk))
    return artwork


def fail_job(*, job_id: UUID, token: UUID, code: str, detail: str) -> Job:
    """The job cannot be done, and trying again would not help. Raises LeaseLost."""
    with transaction.atomic():
        job = _held(job_id, token)
        close_attempt(job, Outcome.FAILED, code, detail)
        end(job, JobState.FAILED, code, detail)
    log.info("job.failed", job=str(job_id), code=code)
    return job


def retry_job(*, job_id: UUID, token: UUID, code: str, detail: str) -> Job:
    """A fault that may pass stopped the job: it is queued again after a pause, at most three times in all.

    Raises LeaseLost.
    """
    with transaction.atomic():
        job = _held(job_id, token)
        close_attempt(job, Outcome.RETRIED, code, detail)
        put_back(job, fault=(code, detail))
    log.info("job.fault", job=str(job_id), code=code, faults=job.faults, state=job.state)
    return job


def stop_job(*, job_id: UUID, token: UUID) -> Job:
    """The worker stopped because the job was called off. Raises LeaseLost."""
    with transaction.atomic():
        job = _held(job_id, token)
        close_attempt(job, Outcome.CANCELLED)
        end(job, JobState.CANCELLED)
    log.info("job.cancelled", job=str(job_id))
    return job


def _held(job_id: UUID, token: UUID) -> Job:
    """The job, locked, if the lease still holds it: whoever lost it has nothing to say any more."""
    job = Job.objects.held(job_id, token).select_for_update(of=("self",)).select_related("owner").first()
    if job is None:
        raise LeaseLost()
    return job


def _row(artwork: Artwork, file: StoredFile) -> ArtworkFile:
    return ArtworkFile(
        artwork=artwork, role=file.role, format=file.format, width=file.width, height=file.height,
        bytes=file.size, sha256=file.sha256, bucket=file.bucket.value, key=file.key,
    )  # fmt: skip


def _face(finished: Finished) -> str:
    """The smallest WebP preview: what a page that watched the work shows at the end."""
    previews = [file for file in finished.files if file.role == FileRole.PREVIEW and file.format == "webp"]
    return min(previews, key=lambda file: file.width).key if previews else ""
