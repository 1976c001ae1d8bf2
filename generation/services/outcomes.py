"""What a worker says of the jobs it holds: how far they are, and how they ended. Heard only with a valid lease."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Now

from generation.errors import LeaseLost
from generation.models import Artwork, ArtworkFile, Job, JobState, Outcome
from generation.services.announcing import nudge_watchers
from generation.services.endings import close_attempts, end, put_back
from generation.services.files import StoredFile
from generation.services.memorisation import Measured, note_memorisation
from generation.services.moderation import Screening, hold_artwork
from generation.services.shelving import face_of
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a worker made: its size and length, the recipe, and the files that lie in the object store already.

    Without files no artwork comes of it: its engine makes nothing to look at.
    """

    engine_version: str
    width: int
    height: int
    medium: str
    model_hash: str
    pixels_sha256: str
    recipe: dict[str, Any]
    frames: int = 1
    duration_ms: int = 0
    placeholder: str = ""  # a WebP of 16 pixels, in base64
    screening: Screening | None = None
    memory: Measured | None = None
    files: tuple[StoredFile, ...] = ()


def report_progress(*, job_id: UUID, token: UUID, progress: float, stage: str, preview_key: str | None) -> bool:
    """Say how far the work has come, with a picture of it where there is a new one; False where the lease is lost."""
    picture = {} if preview_key is None else {"preview_key": preview_key}
    with transaction.atomic():
        held = Job.objects.held(token, job_id).update(
            progress=min(1.0, max(0.0, progress)), stage=stage[:80], updated_at=Now(), **picture
        )
        if held:
            nudge_watchers(job_id)
    return bool(held)


def finish_jobs(*, token: UUID, finished: Mapping[UUID, Finished]) -> set[UUID]:
    """Make the artworks of jobs that are done, once and in one transaction; return those whose lease still held."""
    with transaction.atomic():
        jobs = list(Job.objects.held(token, *finished).select_for_update())
        works = {job.pk: _artwork(job, finished[job.pk]) for job in jobs if finished[job.pk].files}
        Artwork.objects.bulk_create(works.values())
        ArtworkFile.objects.bulk_create(
            _row(work, file) for job_id, work in works.items() for file in finished[job_id].files
        )
        for job_id, work in works.items():
            Job.objects.filter(pk=job_id).update(preview_key=_face(finished[job_id]))
            if memory := finished[job_id].memory:
                note_memorisation(artwork_id=work.pk, measured=memory)
            screening = finished[job_id].screening
            if screening is not None and screening.is_flagged:
                hold_artwork(artwork=work, screening=screening)
        close_attempts(jobs, Outcome.SUCCEEDED)
        end(jobs, JobState.SUCCEEDED, progress=1.0, stage="")
    for job in jobs:
        artwork = str(works[job.pk].pk) if job.pk in works else None
        log.info("job.succeeded", job=str(job.pk), request_id=job.request_id, artwork=artwork)
    return {job.pk for job in jobs}


def fail_job(*, job_id: UUID, token: UUID, code: str, detail: str, users_fault: bool = False) -> Job:
    """The job cannot be done, and trying again would not help. Raises LeaseLost.

    Where that is not the user's doing, the job lies among the dead letters until an operator has looked at it.
    """
    with transaction.atomic():
        job = held_job(job_id, token)
        close_attempts([job], Outcome.FAILED, code, detail)
        end([job], JobState.FAILED, code, detail, dead=not users_fault)
    log.info("job.failed", job=str(job_id), request_id=job.request_id, code=code)
    return job


def retry_job(*, job_id: UUID, token: UUID, code: str, detail: str) -> Job:
    """A fault that may pass stopped the job: it is queued again after a pause, at most three times in all.

    Raises LeaseLost.
    """
    with transaction.atomic():
        job = held_job(job_id, token)
        close_attempts([job], Outcome.RETRIED, code, detail)
        put_back(job, fault=(code, detail))
    log.info("job.fault", job=str(job_id), request_id=job.request_id, code=code, faults=job.faults, state=job.state)
    return job


def stop_job(*, job_id: UUID, token: UUID) -> Job:
    """The worker stopped because the job was called off, or had to make way: then it is queued again. Raises LeaseLost.

    Which of the two it was, the returned job's state says.
    """
    with transaction.atomic():
        job = held_job(job_id, token)
        if job.cancel_requested_at is None:
            close_attempts([job], Outcome.MADE_WAY)
            put_back(job)
            log.info("job.made_way", job=str(job_id))
            return job
        close_attempts([job], Outcome.CANCELLED)
        end([job], JobState.CANCELLED)
    log.info("job.cancelled", job=str(job_id), request_id=job.request_id)
    return job


def held_job(job_id: UUID, token: UUID) -> Job:
    """The job, locked, if the lease still holds it: whoever lost it has nothing to say any more. Raises LeaseLost."""
    job = Job.objects.held(token, job_id).select_for_update().first()
    if job is None:
        raise LeaseLost()
    return job


def _artwork(job: Job, made: Finished) -> Artwork:
    return Artwork(
        job=job,
        title=job.title,
        maker_id=job.owner_id,
        owner_id=None if job.as_proof else job.owner_id,
        artist_id=job.artist_id,
        style_artist_id=job.style_artist_id,
        engine=job.engine,
        engine_version=made.engine_version,
        seed=job.seed,
        medium=made.medium,
        model_hash=made.model_hash,
        recipe=made.recipe,
        width=made.width,
        height=made.height,
        frames=made.frames,
        duration_ms=made.duration_ms,
        pixels_sha256=made.pixels_sha256,
        placeholder=made.placeholder,
        phash=made.screening.phash if made.screening else None,
    )


def _row(artwork: Artwork, file: StoredFile) -> ArtworkFile:
    return ArtworkFile(
        artwork=artwork, role=file.role, format=file.format, width=file.width, height=file.height,
        bytes=file.size, sha256=file.sha256, bucket=file.bucket.value, key=file.key,
        is_marked=file.is_marked,
    )  # fmt: skip


def _face(finished: Finished) -> str:
    """The public picture that a page which watched the work shows at the end."""
    return face_of(file for file in finished.files if file.bucket is Bucket.PUBLIC)
