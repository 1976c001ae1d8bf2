"""From what the studio made to what is kept: signed, stored, and written down so that it can be made again."""

import hashlib
from typing import Any

from generation import services
from generation.engines import registry
from generation.models import Job
from generation.services import Finished, StoredFile
from generation.services.files import ORIGINALS, PREVIEWS
from generation.worker.studio.wire import Message
from generation.worker.studios import Studio
from marketplace.core.storage import Bucket


def develop(job: Job, made: Message, studio: Studio) -> Finished:
    """Store the files of one work; nothing in the database changes. Raises StorageUnavailable."""
    declaration = registry.declaration(job.engine)
    fields = made.fields
    return Finished(
        engine_version=declaration.version,
        width=fields["width"],
        height=fields["height"],
        medium=declaration.medium or "",
        model_hash=fields["model_hash"],
        pixels_sha256=fields["pixels_sha256"],
        recipe=_recipe(job, declaration.version, declaration.medium, fields, studio),
        files=tuple(
            _store(data, role, media_format, width, height)
            for (role, media_format, width, height), data in zip(fields["files"], made.blobs, strict=True)
        ),
    )


def _recipe(job: Job, version: str, medium: str | None, made: dict[str, Any], studio: Studio) -> dict[str, Any]:
    """All that is needed to make the work again and compare it."""
    return {
        "engine": job.engine,
        "engine_version": version,
        "medium": medium,
        "model_hash": made["model_hash"] or None,
        "seed": job.seed,
        "parameters": made["parameters"],
        "inputs": job.inputs,
        "torch": studio.torch,
        "device": studio.device.partition(":")[0],
        "batch": made["batch"],
        "pixels_sha256": made["pixels_sha256"],
    }


def _store(data: bytes, role: str, media_format: str, width: int, height: int) -> StoredFile:
    digest = hashlib.sha256(data).hexdigest()
    is_original = role == "original"
    bucket, prefix = (Bucket.PRIVATE, ORIGINALS) if is_original else (Bucket.PUBLIC, PREVIEWS)
    key = services.store_file(
        bucket=bucket, prefix=prefix, data=data, extension=media_format, media_type=f"image/{media_format}",
        disposition=f'attachment; filename="atelier-{digest[:12]}.{media_format}"' if is_original else "inline",
    )  # fmt: skip
    return StoredFile(
        role=role, format=media_format, width=width, height=height, size=len(data), sha256=digest,
        bucket=bucket, key=key,
    )  # fmt: skip
