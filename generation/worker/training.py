"""The worker's part in a training: datasets and checkpoints are brought here, and what comes of it is kept."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from generation import provenance, selectors, services
from generation.engines import registry
from generation.errors import LeaseLost
from generation.models import Job, Training
from generation.services import Learnt
from generation.services.files import CHECKPOINTS, SAMPLES
from generation.worker import weights
from generation.worker.developing import claim_of
from generation.worker.studio.wire import Message
from marketplace.core import storage
from marketplace.core.storage import Bucket, ObjectMissing

log = structlog.get_logger(__name__)
SHARD_CACHE = 20_000_000_000  # bytes of shards that this machine keeps
_OF_TRIALS = ("curve", "reason", "step", "images", "seconds")
_TOLD = ("measures", "curve", "reason", "step", "images", "seconds", "classes", "counts")


def prepare(job: Job) -> dict[str, Any]:
    """Bring the dataset's shards and the latest checkpoint here; returns what the studio has to know.

    Raises ObjectMissing, StorageUnavailable.
    """
    training = Training.objects.get(job=job)
    shards = [_shard(shard.key, shard.sha256) for shard in selectors.shards_of(training.dataset_id)]
    _forget_oldest(keep={shard.name for shard in shards})
    folder = _folder(job)
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "shards": [str(shard) for shard in shards], "folder": str(folder), "resume": _resume(training, folder),
        "checkpoint_seconds": settings.ATELIER.checkpoint_seconds,
    }  # fmt: skip


def keep_checkpoint(job: Job, token: UUID, told: dict[str, Any]) -> None:
    """Give a checkpoint to the object store, then write it down. Raises LeaseLost, StorageUnavailable."""
    file = Path(told["path"])
    data = file.read_bytes()
    key = services.store_file(
        bucket=Bucket.PRIVATE, prefix=CHECKPOINTS, data=data, extension="safetensors",
        media_type="application/octet-stream",
    )  # fmt: skip
    services.note_checkpoint(
        job_id=job.pk, token=token, key=key, sha256=told["sha256"], step=told["step"], images=told["images"],
        seconds=told["seconds"], curve=told["curve"],
    )  # fmt: skip
    file.unlink(missing_ok=True)


def finish(job: Job, token: UUID, made: Message) -> None:
    """Give the model to the object store and sign its samples, then write both down and end the job.

    Raises LeaseLost, StorageUnavailable, CertificateUnusable, TimestampUnavailable, UnsignableFile.
    """
    told = made.fields
    if selectors.is_trial(job.pk):
        # What a search wants of it is its curve alone: a model of each trial would only fill the store.
        services.finish_trial(job_id=job.pk, token=token, **{name: told[name] for name in _OF_TRIALS})
        return forget(job)
    declaration = registry.declaration(job.engine)
    weights.give(told["sha256"], Path(told["path"]))
    claim = claim_of(job, declaration, told["sha256"])
    signed = provenance.sign(made.blobs[0], media_type="image/webp", claim=claim)
    samples = services.store_file(
        bucket=Bucket.PRIVATE, prefix=SAMPLES, data=signed, extension="webp", media_type="image/webp"
    )
    learnt = Learnt(
        kind=declaration.trains, engine_version=declaration.version, model_hash=told["sha256"], samples_key=samples,
        **{name: told[name] for name in _TOLD},
    )  # fmt: skip
    try:
        services.finish_training(job_id=job.pk, token=token, learnt=learnt)
    except LeaseLost:
        log.warning("training.lease_lost", job=str(job.pk))
        raise
    return forget(job)


def forget(job: Job) -> None:
    """Remove what a training left on this machine."""
    shutil.rmtree(_folder(job), ignore_errors=True)


def _resume(training: Training, folder: Path) -> str:
    if not training.checkpoint_key:
        return ""
    file = folder / "resume.safetensors"
    _bring(training.checkpoint_key, training.checkpoint_sha256, file)
    return str(file)


def _shard(key: str, sha256: str) -> Path:
    file = _shards() / f"{sha256}.tar"
    if file.is_file():
        file.touch()  # least recently used goes first
    else:
        _bring(key, sha256, file)
    return file


def _bring(key: str, sha256: str, file: Path) -> None:
    """Whole and checked, or not at all."""
    data = storage.get(Bucket.PRIVATE, key)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ObjectMissing(f"What lies under {key} is not what was put there.")
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
    os.replace(aside, file)


def _forget_oldest(keep: set[str]) -> None:
    files = sorted(_shards().glob("*.tar"), key=lambda file: file.stat().st_mtime, reverse=True)
    room = SHARD_CACHE
    for file in files:
        room -= file.stat().st_size
        if room < 0 and file.name not in keep:
            file.unlink(missing_ok=True)


def _shards() -> Path:
    return Path(settings.ATELIER.data_dir).resolve() / "shards"


def _folder(job: Job) -> Path:
    return Path(settings.ATELIER.data_dir).resolve() / "trainings" / str(job.pk)
