"""The worker's part in a training: datasets and checkpoints are brought here, and what comes of it is kept."""

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from PIL import Image

from generation import provenance, selectors, services
from generation.engines import registry
from generation.engines.looks import learnt as memory
from generation.engines.training import showing
from generation.models import Job, Training
from generation.services import Learnt
from generation.services.files import CHECKPOINTS, LOGS, SAMPLES
from generation.worker import weights
from generation.worker.developing import claim_of
from generation.worker.studio.wire import Message
from marketplace.core import storage
from marketplace.core.storage import Bucket, ObjectMissing, StorageUnavailable

log = structlog.get_logger(__name__)
SHARD_CACHE = 20_000_000_000  # bytes of shards that this machine keeps
_OF_TRIALS = ("curve", "reason", "step", "images", "seconds")
_TOLD = ("measures", "curve", "reason", "step", "images", "seconds", "classes", "counts")


def prepare(job: Job) -> dict[str, Any]:
    """Bring the dataset's shards and the latest checkpoint here; returns what the studio has to know.

    Raises ObjectMissing, StorageUnavailable.
    """
    training = Training.objects.get(job=job)
    shards = bring_shards(training.dataset_id)
    folder = _folder(job)
    folder.mkdir(parents=True, exist_ok=True)
    resume, logs = folder / "resume.safetensors", folder / "resume-logs.zip"
    if training.checkpoint_key:
        _bring(training.checkpoint_key, training.checkpoint_sha256, resume)
    if training.logs_key:
        _bring(training.logs_key, PurePosixPath(training.logs_key).stem, logs)
    return {
        "shards": [str(shard) for shard in shards], "folder": str(folder),
        "resume": str(resume) if training.checkpoint_key else "", "logs": str(logs) if training.logs_key else "",
        "checkpoint_seconds": settings.ATELIER.checkpoint_seconds, "shown": not selectors.is_trial(job.pk),
        "inception": str(settings.ATELIER.inception_weights or ""),
    }  # fmt: skip


def bring_shards(dataset_id: UUID) -> list[Path]:
    """Bring a dataset's shards here, and let the oldest of others go. Raises ObjectMissing, StorageUnavailable."""
    shards = [_shard(shard.key, shard.sha256) for shard in selectors.shards_of(dataset_id)]
    _forget_oldest(keep={shard.name for shard in shards})
    return shards


def keep_checkpoint(job: Job, token: UUID, told: dict[str, Any]) -> None:
    """Give a checkpoint and its logs to the object store, write them down, and let the ones before go.

    Raises LeaseLost, StorageUnavailable.
    """
    file, logs = Path(told["path"]), Path(told["logs"])
    left = services.note_checkpoint(
        job_id=job.pk, token=token, key=_give(CHECKPOINTS, file, "application/octet-stream"), sha256=told["sha256"],
        logs_key=_give(LOGS, logs, "application/zip"), step=told["step"], images=told["images"],
        seconds=told["seconds"], curve=told["curve"],
    )  # fmt: skip
    _discard(left)
    let_go(told)


def let_go(told: dict[str, Any]) -> None:
    """Remove a checkpoint's files from this machine."""
    for name in ("path", "logs"):
        Path(told[name]).unlink(missing_ok=True)


def finish(job: Job, token: UUID, made: Message) -> None:
    """Look at the model's samples, sign them and give all to the object store, then write it down and end the job.

    Raises LeaseLost, ScreeningUnavailable, StorageUnavailable, CertificateUnusable, TimestampUnavailable,
    UnsignableFile.
    """
    told = made.fields
    if selectors.is_trial(job.pk):
        # What a search wants of it is its curve alone: a model of each trial would only fill the store.
        services.finish_trial(job_id=job.pk, token=token, **{name: told[name] for name in _OF_TRIALS})
        return
    declaration = registry.declaration(job.engine)
    screening = services.screen_samples(pictures=_samples(made.blobs, declaration.trains))
    weights.give(told["sha256"], Path(told["path"]))
    samples, directions = (*(_signed(job, told["sha256"], sheet) for sheet in made.blobs), "")[:2]
    seen = memory.Learnt.read(Path(told["learnt"]))
    learnt = Learnt(
        kind=declaration.trains, engine_version=declaration.version, model_hash=told["sha256"], samples_key=samples,
        directions_key=directions, logs_key=_give(LOGS, Path(told["logs"]), "application/zip"),
        screening=screening, seen=seen, **{name: told[name] for name in _TOLD},
    )  # fmt: skip
    _discard(services.finish_training(job_id=job.pk, token=token, learnt=learnt))


def forget(job: Job) -> None:
    """Remove what a training left on this machine."""
    shutil.rmtree(_folder(job), ignore_errors=True)


def _give(prefix: str, file: Path, media_type: str) -> str:
    return services.store_file(
        bucket=Bucket.PRIVATE, prefix=prefix, data=file.read_bytes(), extension=file.suffix.removeprefix("."),
        media_type=media_type, disposition="attachment",
    )  # fmt: skip


def _samples(sheets: Sequence[bytes], kind: str) -> Iterator[Image.Image]:
    """Every picture that the sheets show."""
    cell = showing.PAIR_CELL if registry.shower_of(kind).required_inputs else showing.CELL
    for sheet, side in zip(sheets, (cell, showing.SMALL), strict=False):
        with Image.open(io.BytesIO(sheet)) as image:
            whole = image.convert("RGB")
        for top in range(0, whole.height, side):
            for left in range(0, whole.width, side):
                yield whole.crop((left, top, left + side, top + side))


def _signed(job: Job, model_hash: str, sheet: bytes) -> str:
    signed = provenance.sign(
        sheet, media_type="image/webp", claim=claim_of(job, registry.declaration(job.engine), model_hash)
    )
    return services.store_file(
        bucket=Bucket.PRIVATE, prefix=SAMPLES, data=signed, extension="webp", media_type="image/webp"
    )


def _discard(key: str) -> None:
    """Let a checkpoint go that is not needed any more; should that fail, the sweeper does it in a day.

    No other training comes to the same bytes, so nobody can be about to refer to it. Logs can be alike: they wait.
    """
    try:
        if key:
            services.discard_file(bucket=Bucket.PRIVATE, key=key)
    except StorageUnavailable as error:
        log.warning("checkpoint.not_discarded", key=key, error=error.detail)


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
    """Of one lease: should another worker of this machine have the job by now, neither writes into the other's."""
    return Path(settings.ATELIER.data_dir).resolve() / "trainings" / f"{job.pk}-{job.lease_token}"
