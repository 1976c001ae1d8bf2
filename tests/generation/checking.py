"""Finished works with their originals in the object store, and checks of them that a worker holds."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from django.utils import timezone
from PIL import Image

from generation import provenance, services
from generation.models import Artwork, ArtworkFile, Attempt, Check, FileRole, Job, JobInput, Upload, UploadState
from generation.services.files import ORIGINALS, UPLOADS, store_file
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation.conftest import encoded, picture

ENGINE, VERSION = "toy", "7"


def image(seed: int = 1, size: int = 48) -> Image.Image:
    noise = np.random.default_rng(seed).integers(20, 230, (size, size, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def pixels_sha256(of: Image.Image) -> str:
    return hashlib.sha256(f"{of.width}x{of.height}:".encode() + of.tobytes()).hexdigest()


def work(
    maker: User,
    *,
    paint: Image.Image | None = None,
    is_signed: bool = True,
    has_hash: bool = True,
    inputs: tuple[JobInput, ...] = (),
    **fields: Any,
) -> Artwork:
    """A work as a worker leaves it."""
    paint = paint or image()
    data = encoded(paint)
    if is_signed:
        data = provenance.sign(data, media_type="image/png", claim=claim_of(inputs))
    hashed = pixels_sha256(paint) if has_hash else ""
    given = [one.as_dict() for one in inputs]
    parameters = {"size": paint.width, "behaviour": "paint"}
    job = Job.objects.create(
        owner=maker, engine=ENGINE, engine_version=VERSION, seed=7, queue="cpu", parameters=parameters, inputs=given,
        state="succeeded", finished_at=timezone.now(),
    )  # fmt: skip
    recipe = {
        "engine": ENGINE, "engine_version": VERSION, "medium": "image", "model_hash": None, "seed": 7,
        "parameters": parameters, "inputs": given, "torch": "2.14.1", "device": "cpu",
    }  # fmt: skip
    made = Artwork.objects.create(
        **{
            "job": job, "maker": maker, "owner": maker, "engine": ENGINE, "engine_version": VERSION, "medium": "image",
            "seed": 7, "recipe": recipe, "pixels_sha256": hashed, "width": paint.width, "height": paint.height,
            **fields,
        }
    )  # fmt: skip
    key = store_file(
        bucket=Bucket.PRIVATE, prefix=ORIGINALS, data=data, extension="png", media_type="image/png",
    )  # fmt: skip
    ArtworkFile.objects.create(
        artwork=made, role=FileRole.ORIGINAL, format="png", width=paint.width, height=paint.height, bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(), bucket="private", key=key,
    )  # fmt: skip
    ArtworkFile.objects.create(
        artwork=made, role=FileRole.PREVIEW, format="webp", width=paint.width, height=paint.height, bytes=100,
        sha256="0" * 64, bucket="public", key=f"previews/{made.pk}.webp",
    )  # fmt: skip
    return made


def claim_of(inputs: tuple[JobInput, ...] = ()) -> provenance.Claim:
    return provenance.Claim(
        title="Noise", engine=ENGINE, engine_title="Toy", engine_version=VERSION, model_hash="c0ffee", seed=7,
        parameters={"size": 48}, medium="image",
        ingredients=tuple(provenance.Ingredient(name=given.name, sha256=given.sha256) for given in inputs),
    )  # fmt: skip


def photograph(owner: User) -> JobInput:
    """A picture that somebody gave, as an engine's input."""
    data = picture()
    digest = hashlib.sha256(data).hexdigest()
    key = store_file(bucket=Bucket.PRIVATE, prefix=UPLOADS, data=data, extension="png", media_type="image/png")
    Upload.objects.create(
        owner=owner, filename="p.png", declared_size=len(data), declared_type="image/png",
        incoming_key=f"incoming/{uuid4()}", state=UploadState.READY, key=key, sha256=digest, media_type="image/png",
        width=40, height=20, completed_at=timezone.now(),
    )  # fmt: skip
    return JobInput(name="picture", key=key, sha256=digest)


def take(job: Job) -> UUID:
    """Hold a waiting job, as a worker would; return the lease's token."""
    token = uuid4()
    lapses_at = timezone.now() + timedelta(seconds=30)
    Job.objects.filter(pk=job.pk).update(state="running", lease_token=token, lease_expires_at=lapses_at, attempt=1)
    Attempt.objects.create(job=job, number=1, worker="w", host="h", device="cpu")
    return token


def finish(job: Job, remade: Image.Image) -> Check:
    """End a check as the worker does, with what was made this time."""
    return services.finish_check(
        job_id=job.pk, token=take(job), pixels_sha256=pixels_sha256(remade), original=encoded(remade)
    )


def overwrite(artwork: Artwork, data: bytes) -> None:
    """Somebody reached past the house into the object store."""
    assert artwork.original is not None
    storage.put(Bucket.PRIVATE, artwork.original.key, data, media_type="image/png")


def forged(artwork: Artwork) -> bytes:
    """Another picture with this work's manifest in it."""
    assert artwork.original is not None
    kept = storage.get(Bucket.PRIVATE, artwork.original.key)
    start, end = kept.index(b"caBX") - 4, kept.index(b"IDAT") - 4
    other = encoded(image(seed=9))
    return other[:33] + kept[start:end] + other[33:]  # after the signature and the header chunk
