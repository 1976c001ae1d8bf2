"""Looking at what came for a dataset: each picture is cleaned, bounded, screened and compared; archives are unpacked.

All of it happens in the background, and may happen twice: whoever comes second finds nothing left to do.
"""

import hashlib
import io
import time
from pathlib import PurePosixPath
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from PIL import Image

from generation import selectors
from generation.engines.training.splits import split_of
from generation.errors import ArchiveProblem, UploadMissing, UploadProblem, UploadSizeMismatch
from generation.models import ArchiveState, Dataset, DatasetArchive, DatasetPicture, DatasetState, PictureState
from generation.moderation import perceptual_hash
from generation.services.archives import Member, members_of
from generation.services.cleaning import clean_picture
from generation.services.datasets import MOST
from generation.services.files import DATASETS, store_file
from generation.services.moderation import explicitness, is_too_explicit
from marketplace.core import storage
from marketplace.core.outbox import emit
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)

SHORTEST = 1024  # no model learns from more; the shorter side is bounded by it
ALIKE = 2  # bits of the perceptual hash by which twins differ at most
AT_A_TIME = 15.0  # seconds: an event that takes longer than its message is told again beside it
_QUALITY = 95


def look_at_picture(*, picture_id: UUID) -> None:
    """Look at a picture that came by itself. Raises StorageUnavailable, ScreeningUnavailable: it is tried again."""
    picture = DatasetPicture.objects.filter(pk=picture_id, state=PictureState.ARRIVED).first()
    if picture is None:
        return
    incoming = picture.incoming_key
    try:
        looked_at = _look(picture, _arrived(incoming, picture.declared_size))
    except UploadProblem as problem:
        looked_at = _broken(picture, problem)
    _settle(looked_at)
    storage.delete(Bucket.PRIVATE, incoming)


def unpack_archive(*, archive_id: UUID) -> None:
    """Look at the pictures in an archive that came; after a while the rest is left to another call.

    Raises StorageUnavailable, ScreeningUnavailable.
    """
    archive = DatasetArchive.objects.select_related("dataset").filter(pk=archive_id, state=ArchiveState.ARRIVED).first()
    if archive is None:
        return
    try:
        is_done = _look_at_members(archive, _arrived(archive.incoming_key, archive.declared_size))
    except (ArchiveProblem, UploadProblem) as problem:
        _end(archive, ArchiveState.BROKEN, problem_code=problem.code, problem_detail=problem.detail)
    else:
        if is_done:
            _end(archive, ArchiveState.UNPACKED)
        else:
            with transaction.atomic():
                emit("dataset.archive-arrived", archive.pk)


def _look_at_members(archive: DatasetArchive, data: bytes) -> bool:
    """Look at those that were not looked at yet, for a while; say whether none is left."""
    until = time.monotonic() + AT_A_TIME
    known = set(archive.pictures.values_list("place", flat=True))
    room = MOST - archive.dataset.pictures.count() + len(known)
    for member in members_of(data, most=room):
        if member.place in known:
            continue
        if time.monotonic() > until:
            return False
        _settle(_look_at_member(archive, member))
    return True


def _end(archive: DatasetArchive, state: ArchiveState, **problem: str) -> None:
    DatasetArchive.objects.filter(pk=archive.pk).update(state=state, incoming_key="", **problem)
    storage.delete(Bucket.PRIVATE, archive.incoming_key)
    log.info("archive.unpacked", archive=str(archive.pk), state=state)


def _arrived(key: str, size: int) -> bytes:
    try:
        data = storage.get(Bucket.PRIVATE, key, at_most=size + 1)
    except storage.ObjectMissing as error:
        raise UploadMissing("The file never came.") from error
    if len(data) != size:
        raise UploadSizeMismatch(f"{size} bytes were announced, and others arrived.")
    return data


def _look_at_member(archive: DatasetArchive, member: Member) -> DatasetPicture:
    folder = PurePosixPath(member.name).parent.name
    picture = DatasetPicture(
        dataset=archive.dataset, archive=archive, place=member.place, filename=member.name[:300],
        class_name=folder[:100], declared_size=member.size, consent=archive.consent, licence=archive.licence,
        source=archive.source, consented_by_id=archive.consented_by_id,
    )  # fmt: skip
    try:
        return _look(picture, member.read())
    except (UploadProblem, ArchiveProblem) as problem:
        return _broken(picture, problem)


def _look(picture: DatasetPicture, data: bytes) -> DatasetPicture:
    """Clean, bound, screen and store it. Raises UploadProblem, StorageUnavailable, ScreeningUnavailable."""
    image = _bounded(clean_picture(data).image)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=2)
    picture.sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    picture.key = store_file(
        bucket=Bucket.PRIVATE, prefix=DATASETS, data=out.getvalue(), extension="webp", media_type="image/webp"
    )
    picture.size, (picture.width, picture.height) = len(out.getvalue()), image.size
    picture.phash, picture.split = perceptual_hash(image), split_of(picture.sha256)
    picture.explicit = explicitness(image=image)
    picture.state = PictureState.HELD if is_too_explicit(picture.explicit) else PictureState.READY
    return picture


def _bounded(image: Image.Image) -> Image.Image:
    scale = SHORTEST / min(image.size)
    if scale >= 1.0:
        return image
    # WebP's own bound is 16,383 pixels a side.
    width, height = (min(16_000, max(1, round(side * scale))) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _broken(picture: DatasetPicture, problem: UploadProblem | ArchiveProblem) -> DatasetPicture:
    picture.state = PictureState.BROKEN
    picture.problem_code, picture.problem_detail = problem.code, problem.detail
    return picture


def _settle(looked_at: DatasetPicture) -> None:
    """Write down what was seen, unless that was done meanwhile; twins are looked for with the dataset locked."""
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().filter(pk=looked_at.dataset_id, state=DatasetState.DRAFT).first()
        if dataset is None:
            return
        if looked_at._state.adding:
            if dataset.pictures.filter(archive=looked_at.archive, place=looked_at.place).exists():
                return
        elif not dataset.pictures.filter(pk=looked_at.pk, state=PictureState.ARRIVED).exists():
            return
        if looked_at.state == PictureState.READY and (twin := selectors.twin_of(looked_at, within=ALIKE)):
            looked_at.state, looked_at.twin = PictureState.DUPLICATE, twin
            looked_at.problem_detail = f"It is like {twin.filename}."
        looked_at.incoming_key = ""
        looked_at.save()
    if looked_at.state == PictureState.HELD:
        log.info("picture.held", picture=str(looked_at.pk), threshold=settings.ATELIER.explicit_threshold)
