"""Finished works with real files in the object store, held back or not, without an engine."""

import hashlib
import io
import urllib.request
from itertools import count
from typing import Any
from urllib.error import HTTPError

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from PIL import Image

from generation import services
from generation.models import Artwork, ArtworkFile, FileRole, Job, Review, Upload
from generation.services import Screening, shelf_of
from marketplace.accounts.models import CURATORS, User
from marketplace.core import storage
from tests.generation.moderation.pictures import waves

_numbers = count(1)
KINDS = ((FileRole.ORIGINAL, "png", 256), (FileRole.PREVIEW, "webp", 240), (FileRole.PREVIEW, "avif", 240),
         (FileRole.PREVIEW, "webp", 120), (FileRole.THUMBNAIL, "webp", 60))  # fmt: skip


def make_curator(person: User) -> User:
    person.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return person


def finish(job: Job, image: Image.Image, screening: Screening, **fields: Any) -> Artwork:
    """End a job as a worker would: the work, its files where they belong, and held if it was flagged."""
    with transaction.atomic():
        artwork = Artwork.objects.create(
            job=job, maker=job.owner, owner=None if job.as_proof else job.owner, engine=job.engine, seed=job.seed,
            engine_version="1", medium="image", recipe={"engine": job.engine, "seed": job.seed}, title=job.title,
            width=image.width, height=image.height, phash=screening.phash, **fields,
        )  # fmt: skip
        for role, media_format, width in KINDS:
            add_file(artwork, image.resize((width, width)), role, media_format, is_held=screening.is_flagged)
        if screening.is_flagged:
            services.hold_artwork(artwork=artwork, screening=screening)
    return artwork


def add_file(artwork: Artwork, image: Image.Image, role: FileRole, media_format: str, *, is_held: bool) -> None:
    out = io.BytesIO()
    image.save(out, media_format.upper())
    data = out.getvalue()
    bucket, prefix = shelf_of(role=role, is_held=is_held)
    key = services.store_file(
        bucket=bucket, prefix=prefix, data=data, extension=media_format, media_type=f"image/{media_format}"
    )
    ArtworkFile.objects.create(
        artwork=artwork, role=role, format=media_format, width=image.width, height=image.height, bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(), bucket=bucket.value, key=key,
    )  # fmt: skip


def work(maker: User, image: Image.Image | None = None, **fields: Any) -> Artwork:
    """A finished work as the gate leaves it: flagged pictures are held."""
    number = next(_numbers)
    picture = image if image is not None else waves(1000 + number)
    job = Job.objects.create(
        owner=maker, engine="flow-field", engine_version="1", seed=number, queue="cpu", title=f"Wave {number}",
        state=Job.State.SUCCEEDED, finished_at=timezone.now(),
    )  # fmt: skip
    return finish(job, picture, services.screen_picture(image=picture, maker=maker), **fields)


def hung(maker: User, image: Image.Image) -> Artwork:
    """A work on the wall."""
    return work(maker, image, visibility=Artwork.Visibility.WALL, hung_at=timezone.now())


def review_of(subject: Artwork | Upload) -> Review:
    """The review that stands."""
    if isinstance(subject, Artwork):
        return Review.objects.standing().get(artwork=subject)
    subject.refresh_from_db()
    assert subject.review is not None
    return subject.review


def fetched(url: str) -> int:
    """What anybody gets who asks the object store for an address."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def public_addresses(artwork: Artwork) -> list[str]:
    """Every address in public under which one of the work's smaller pictures might lie."""
    files = artwork.files.exclude(role=FileRole.ORIGINAL)
    names = {storage.content_key(prefix, file.sha256, file.format) for file in files for prefix in ("previews", "held")}
    return [storage.public_url(name) for name in sorted(names)]
