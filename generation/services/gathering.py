"""Looking at what came for a dataset: each picture is cleaned, bounded, screened and compared; archives are unpacked.

All of it happens in the background, and may happen twice: whoever comes second finds nothing left to do.
"""

import hashlib
import io
import tempfile
import time
from typing import BinaryIO
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext
from PIL import Image

from generation.engines.training.splits import split_of
from generation.errors import ArchiveProblem, UploadMissing, UploadNotAnImage, UploadProblem, UploadSizeMismatch
from generation.models import ArchiveState, Dataset, DatasetArchive, DatasetPicture, DatasetState, PictureState
from generation.moderation import perceptual_hash
from generation.services.archives import Member, members_of
from generation.services.cleaning import clean_picture
from generation.services.datasets import MOST
from generation.services.files import DATASETS, store_file
from generation.services.held_pictures import hold_picture, judge_twin
from generation.services.moderation import explicitness, is_too_explicit
from marketplace.core import storage
from marketplace.core.errors import Unavailable
from marketplace.core.languages import kept
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)

SHORTEST = 1024  # no model learns from more; the shorter side is bounded by it
PREVIEW = 320  # the longer side of what people see of it in lists
AT_A_TIME = 20.0  # seconds that an archive is unpacked before others have their turn
_QUALITY, _PREVIEW_QUALITY = 95, 78


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
        with tempfile.TemporaryFile() as file:
            _fetch(archive, file)
            is_done = _look_at_members(archive, file)
    except (ArchiveProblem, UploadProblem) as problem:
        _end(archive, ArchiveState.BROKEN, problem_code=problem.code, problem_detail=problem.detail)
    else:
        if is_done:
            _end(archive, ArchiveState.UNPACKED)


def _look_at_members(archive: DatasetArchive, file: BinaryIO) -> bool:
    """Look at those that were not looked at yet, for a while; say whether none is left."""
    until = time.monotonic() + AT_A_TIME
    known = set(archive.pictures.values_list("place", flat=True))
    room = MOST - archive.dataset.pictures.count() + len(known)
    for member in members_of(file, most=room):
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
        raise UploadMissing(gettext("The file never came.")) from error
    if len(data) != size:
        raise _other_size(size)
    return data


def _fetch(archive: DatasetArchive, file: BinaryIO) -> None:
    """Lay the archive down on disk: several at once would not fit into memory."""
    size = archive.declared_size
    try:
        if storage.fetch(Bucket.PRIVATE, archive.incoming_key, file, at_most=size + 1) != size:
            raise _other_size(size)
    except storage.ObjectMissing as error:
        raise UploadMissing(gettext("The file never came.")) from error


def _other_size(size: int) -> UploadSizeMismatch:
    return UploadSizeMismatch(kept(f"{size:,} bytes were announced, and another number arrived."))


def _look_at_member(archive: DatasetArchive, member: Member) -> DatasetPicture:
    picture = DatasetPicture(
        dataset=archive.dataset, archive=archive, place=member.place, filename=member.name[:300],
        class_name=member.class_name[:100], declared_size=member.size, consent=archive.consent,
        licence=archive.licence, source=archive.source, consented_by_id=archive.consented_by_id,
    )  # fmt: skip
    try:
        return _look(picture, member.read())
    except (UploadProblem, ArchiveProblem) as problem:
        return _broken(picture, problem)


def _look(picture: DatasetPicture, data: bytes) -> DatasetPicture:
    """Clean, bound, screen and store it. Raises UploadProblem, StorageUnavailable, ScreeningUnavailable."""
    try:
        image = _bounded(clean_picture(data).image)
        picture.phash, picture.explicit = perceptual_hash(image), explicitness(image=image)
        kept, shown = _encoded(image, _QUALITY), _encoded(_preview(image), _PREVIEW_QUALITY)
    except (UploadProblem, Unavailable):
        raise
    except Exception as error:
        # Whatever else a decoder may raise: one picture is broken, and the others go on.
        log.exception("picture.undecodable", picture=str(picture.pk))
        raise UploadNotAnImage(gettext("Something in this file cannot be decoded.")) from error
    picture.sha256, picture.size = hashlib.sha256(kept).hexdigest(), len(kept)
    picture.width, picture.height = image.size
    picture.split = split_of(picture.sha256)
    picture.key, picture.preview_key = _stored(kept), _stored(shown)
    picture.state = PictureState.HELD if is_too_explicit(picture.explicit) else PictureState.READY
    return picture


def _stored(data: bytes) -> str:
    return store_file(bucket=Bucket.PRIVATE, prefix=DATASETS, data=data, extension="webp", media_type="image/webp")


def _encoded(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=2)
    return out.getvalue()


def _bounded(image: Image.Image) -> Image.Image:
    scale = SHORTEST / min(image.size)
    if scale >= 1.0 and max(image.size) <= _LONGEST:
        return image
    scale = min(scale, 1.0)
    width, height = (min(_LONGEST, max(1, round(side * scale))) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


_LONGEST = 16_000  # WebP's own bound is 16,383 pixels a side


def _preview(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((PREVIEW, PREVIEW))
    return small


def _broken(picture: DatasetPicture, problem: UploadProblem | ArchiveProblem) -> DatasetPicture:
    picture.state = PictureState.BROKEN
    picture.problem_code, picture.problem_detail = problem.code, problem.detail
    return picture


def _settle(looked_at: DatasetPicture) -> None:
    """Write down what was seen, unless that was done meanwhile; twins are looked for with the dataset locked.

    Raises ArchiveProblem where an archive's pictures have no room left.
    """
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().filter(pk=looked_at.dataset_id, state=DatasetState.DRAFT).first()
        if dataset is None:
            return
        if looked_at._state.adding:
            if dataset.pictures.filter(archive=looked_at.archive, place=looked_at.place).exists():
                return
            if dataset.pictures.count() >= MOST:
                raise ArchiveProblem(gettext("The dataset is full: it has %(most)s pictures.") % {"most": f"{MOST:,}"})
        elif not dataset.pictures.filter(pk=looked_at.pk, state=PictureState.ARRIVED).exists():
            return
        looked_at.incoming_key = ""
        if looked_at.state == PictureState.HELD:
            hold_picture(looked_at)
            return
        if looked_at.state == PictureState.READY:
            judge_twin(looked_at)
        looked_at.save()
