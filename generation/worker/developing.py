"""From what the studio made to what is kept: looked at, signed, stored, and written down so that it can be remade."""

import hashlib
import io
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from generation import provenance, services
from generation.engines import registry
from generation.engines.base import EngineDeclaration
from generation.models import FileRole, Job
from generation.provenance import Claim, Ingredient
from generation.services import Finished, Screening, StoredFile
from generation.worker.marking import is_marked, mark_file
from generation.worker.studio.wire import Message
from generation.worker.studios import Studio
from marketplace.core import tracing

# How close the gate looks at a film: what is shown for less than half a second may slip through.
LOOKS_A_SECOND, FEWEST_LOOKS = 2, 8


def develop(job: Job, made: Message, studio: Studio) -> Finished:
    """Screen, sign and store the files of one work; nothing in the database changes.

    Raises ScreeningUnavailable, CertificateUnusable, TimestampUnavailable, UnsignableFile, StorageUnavailable.
    """
    declaration, fields = registry.declaration(job.engine), made.fields
    recipe = _recipe(job, declaration, fields, studio)
    memory = services.measure(job=job, features=fields["features"]) if fields.get("features") else None
    screening = _screen(job, made)
    if screening is not None and memory is not None and memory.flag:
        screening = replace(screening, flags=(*screening.flags, memory.flag))
    claim = claim_of(job, declaration, recipe["model_hash"] or "")
    with tracing.span("job.store", parent=job.traceparent, job=str(job.pk), files=len(made.blobs)):
        is_held, is_proof = screening is not None and screening.is_flagged, is_marked(job)
        made_files = list(zip(fields["files"], contents_of(made), strict=True))
        files = tuple(_store(file, data, claim, is_held=is_held or is_proof) for file, data in made_files)
        if is_proof:
            files += tuple(_store_marked(file, data, claim, is_held=is_held) for file, data in made_files[1:])
    return Finished(
        engine_version=declaration.version,
        width=fields["width"],
        height=fields["height"],
        frames=fields["frames"],
        duration_ms=fields["duration_ms"],
        medium=declaration.medium or "",
        model_hash=fields["model_hash"],
        pixels_sha256=fields["pixels_sha256"],
        recipe=recipe,
        placeholder=_placeholder(made),
        screening=screening,
        memory=memory,
        files=files,
    )


def original_of(made: Message) -> bytes | Path:
    """The picture or film at its full size, as the studio encoded it, or the file in which it lies."""
    return contents_of(made)[_place(made, FileRole.ORIGINAL)]


def contents_of(made: Message) -> list[bytes | Path]:
    """What each file of a work holds: its bytes, or where they lie on this machine if they are many."""
    return [Path(path) if path else blob for path, blob in zip(made.fields["paths"], made.blobs, strict=True)]


def claim_of(job: Job, declaration: EngineDeclaration, model_hash: str) -> Claim:
    """What every file that comes of a job says of itself."""
    return Claim(
        title=job.title,
        engine=job.engine,
        engine_title=declaration.title,
        engine_version=declaration.version,
        model_hash=model_hash,
        seed=job.seed,
        parameters=job.parameters,
        ingredients=tuple(Ingredient(name=given.name, sha256=given.sha256) for given in job.pictures),
        medium=declaration.medium or "",
    )


def _place(made: Message, role: str) -> int:
    return next(at for at, (given, *_) in enumerate(made.fields["files"]) if given == role)


def _screen(job: Job, made: Message) -> Screening | None:
    """Look at the smallest preview, before anything of the work lies where others could see it; of a film, within."""
    if not made.blobs:
        return None
    with Image.open(io.BytesIO(made.blobs[_place(made, FileRole.PREVIEW)])) as image:
        picture = image.convert("RGB")
    # What an artist's model paints looks like that artist's works, whoever has it painted.
    maker = job.trained_model.artist.user if job.trained_model else job.owner
    if made.fields["frames"] == 1:
        return services.screen_picture(image=picture, maker=maker)
    return services.screen_film(poster=picture, frames=_looks(made), maker=maker)


def _placeholder(made: Message) -> str:
    if not made.blobs:
        return ""
    with Image.open(io.BytesIO(made.blobs[_place(made, FileRole.PREVIEW)])) as image:
        return services.placeholder_of(image)


def _looks(made: Message) -> Iterator[Image.Image]:
    """Frames of a film from its first to its last, evenly spaced: two a second, or all where there are few."""
    count = made.fields["frames"]
    looks = min(count, max(FEWEST_LOOKS, math.ceil(LOOKS_A_SECOND * made.fields["duration_ms"] / 1000) + 1, 2))
    with Image.open(io.BytesIO(made.blobs[_place(made, FileRole.FILM)])) as film:
        for number in range(looks):
            film.seek(round(number * (count - 1) / (looks - 1)))
            yield film.convert("RGB")


def _recipe(job: Job, declaration: EngineDeclaration, made: dict[str, Any], studio: Studio) -> dict[str, Any]:
    """All that is needed to make the work again and compare it."""
    given = [one.credit for one in job.pictures if one.credit]
    chosen = declaration.validate_parameters(made["parameters"]).credits
    return {
        **({"credits": list(dict.fromkeys([*given, *chosen]))} if given or chosen else {}),
        "engine": job.engine,
        "engine_version": declaration.version,
        "medium": declaration.medium,
        "model_hash": made["model_hash"] or None,
        "seed": job.seed,
        "parameters": made["parameters"],
        "inputs": job.inputs,
        "torch": studio.torch,
        "device": studio.device.partition(":")[0],
        "batch": made["batch"],
        "pixels_sha256": made["pixels_sha256"],
    }


def _store_marked(file: list[Any], content: bytes | Path, claim: Claim, *, is_held: bool) -> StoredFile:
    """What is shown of a proof: the same file with a watermark."""
    data = content.read_bytes() if isinstance(content, Path) else content
    return replace(_store(file, mark_file(data, file[1]), claim, is_held=is_held), is_marked=True)


def _store(file: list[Any], content: bytes | Path, claim: Claim, *, is_held: bool) -> StoredFile:
    role, media_format, width, height = file
    media_type = provenance.MEDIA_TYPES[media_format]
    bucket, prefix = services.shelf_of(role=role, is_held=is_held)
    told = {"bucket": bucket, "prefix": prefix, "extension": media_format, "media_type": media_type}
    if isinstance(content, Path):
        signed = content.with_suffix(".signed")
        provenance.sign_file(content, signed, media_type=media_type, claim=claim)
        size, digest = signed.stat().st_size, _sha256(signed)
        key = services.store_large_file(file=signed, sha256=digest, **told, disposition=_disposition(file, digest))
    else:
        data = provenance.sign(content, media_type=media_type, claim=claim)
        size, digest = len(data), hashlib.sha256(data).hexdigest()
        key = services.store_file(data=data, **told, disposition=_disposition(file, digest))
    return StoredFile(
        role=role, format=media_format, width=width, height=height, size=size, sha256=digest, bucket=bucket, key=key
    )


def _disposition(file: list[Any], digest: str) -> str:
    role, media_format, *_ = file
    return f'attachment; filename="atelier-{digest[:12]}.{media_format}"' if role == FileRole.ORIGINAL else "inline"


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
