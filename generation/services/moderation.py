"""The moderation gate: every picture is looked at before people see it, and what is flagged waits for a curator."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext
from PIL import Image

from generation import selectors
from generation.errors import ScreeningUnavailable
from generation.models import Artwork, ArtworkFile, FileRole, FlagKind, Job, Review, ReviewState, Upload, Visibility
from generation.moderation import classifier_named, perceptual_hash
from generation.services.shelving import public_keys, withdraw_from_public
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One reason to hold a picture back: the classifier's score, in how many bits it differs from a work, or how near
    it comes to a picture that its model learnt from, as a share of the usual distance."""

    kind: FlagKind
    score: float
    resembles: Artwork | None = None
    repeats: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the gate saw in a picture. Without flags it may be shown."""

    phash: int | None
    explicit: float
    flags: tuple[Flag, ...]

    @property
    def is_flagged(self) -> bool:
        return bool(self.flags)


def screen_picture(*, image: Image.Image, maker: User | None) -> Screening:
    """Look at a finished picture or an upload: is it explicit, or like another's work on the wall? Nothing is written.

    Raises ScreeningUnavailable.
    """
    explicit, phash = _score(image), perceptual_hash(image)
    flags = [Flag(kind=FlagKind.EXPLICIT, score=explicit)] if is_too_explicit(explicit) else []
    if phash is not None:
        alike = selectors.lookalike_on_wall(phash, maker=maker, within=settings.ATELIER.similar_distance)
        if alike is not None:
            flags.append(Flag(kind=FlagKind.SIMILAR, score=alike[1], resembles=alike[0]))
    return Screening(phash=phash, explicit=explicit, flags=tuple(flags))


def screen_film(*, poster: Image.Image, frames: Iterable[Image.Image], maker: User | None) -> Screening:
    """Look at a finished film: its most explicit frame decides, and what it looks like is its poster's.

    Raises ScreeningUnavailable.
    """
    screening = screen_picture(image=poster, maker=maker)
    explicit = max([screening.explicit, *map(_score, frames)])
    flags = [flag for flag in screening.flags if flag.kind is not FlagKind.EXPLICIT]
    if is_too_explicit(explicit):
        flags.insert(0, Flag(kind=FlagKind.EXPLICIT, score=explicit))
    return Screening(phash=screening.phash, explicit=explicit, flags=tuple(flags))


def screen_samples(*, pictures: Iterable[Image.Image]) -> Screening:
    """Look at what is shown of a new model, each picture by itself: the most explicit of them decides.

    Likeness to others' works is not asked here: it is, of each work that the model paints. Raises ScreeningUnavailable.
    """
    explicit = max(map(_score, pictures), default=0.0)
    flags = (Flag(kind=FlagKind.EXPLICIT, score=explicit),) if is_too_explicit(explicit) else ()
    return Screening(phash=None, explicit=explicit, flags=flags)


def explicitness(*, image: Image.Image) -> float:
    """What the classifier sees in a picture, 0 to 1. Raises ScreeningUnavailable."""
    return _score(image)


def is_too_explicit(score: float) -> bool:
    """Does such a picture wait for a curator?"""
    return score >= float(settings.ATELIER.explicit_threshold)


def is_explicit(*, image: Image.Image) -> bool:
    """Look at a picture of a work in progress, which is shown for a moment and kept by nobody.

    Raises ScreeningUnavailable.
    """
    return is_too_explicit(_score(image))


def hash_works() -> int:
    """Give works that were made before there was a gate their perceptual hash; return how many have one now.

    Raises ObjectMissing, StorageUnavailable.
    """
    hashed = 0
    for file in ArtworkFile.objects.filter(role=FileRole.ORIGINAL, artwork__phash=None).order_by("id").iterator():
        with Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, file.key))) as image:
            phash = perceptual_hash(image)
        if phash is not None:
            hashed += Artwork.objects.filter(pk=file.artwork_id).update(phash=phash)
    return hashed


def hold_artwork(*, artwork: Artwork, screening: Screening) -> Review:
    """Hold a new work back until a curator has seen it; in the transaction that makes it, before its job is ended.

    Its files are private already (`shelf_of`). Raises ValueError where one is not.
    """
    if public_keys(artwork):
        raise ValueError("A work that is held has no file in public.")
    artwork.visibility = Visibility.HELD
    artwork.save(update_fields=["visibility", "updated_at"])
    forget_preview(artwork.job_id)
    review = Review.objects.create(artwork=artwork, **_causes(screening, screening.flags))
    log.info("work.held", artwork=str(artwork.pk), kinds=review.kinds)
    return review


def forget_preview(job_id: UUID) -> None:
    """The last picture of a work in progress goes out of sight, as what came of it is held."""
    last_seen = Job.objects.filter(pk=job_id).exclude(preview_key="").values_list("preview_key", flat=True)
    transaction.on_commit(partial(withdraw_from_public, list(last_seen)), robust=True)
    Job.objects.filter(pk=job_id).update(preview_key="")


def review_of_upload(*, upload: Upload, screening: Screening) -> Review | None:
    """The review that decides about an upload, made if need be; None where there is nothing to decide.

    The same bytes are judged once: whoever sends a picture that waits or was refused waits or is refused with it. In
    the transaction that keeps the upload, with its picture locked (`lock_picture`).
    """
    standing = Review.objects.standing().filter(upload__sha256=upload.sha256).select_related("resembles__artist")
    known = [review for review in standing.order_by("-id") if upload.owner_id not in free_of(review)]
    for state in (ReviewState.REFUSED, ReviewState.WAITING):
        if decisive := next((review for review in known if review.state == state), None):
            return decisive
    unanswered = [flag for flag in screening.flags if not any(_answers(review, flag, upload) for review in known)]
    if unanswered:
        review = Review.objects.create(upload=upload, **_causes(screening, unanswered))
        log.info("upload.held", upload=str(upload.pk), kinds=review.kinds)
        return review
    return known[0] if screening.is_flagged else None


def free_of(review: Review) -> set[UUID]:
    """Whom a review of an upload's bytes does not bind: those whose own work the picture resembles, if that is all."""
    own = review.resembles
    if review.is_explicit or own is None:
        return set()
    theirs = own.maker_id, own.owner_id, own.artist.user_id if own.artist else None
    return {person for person in theirs if person is not None}


def lock_picture(sha256: str) -> None:
    """Until the transaction ends, be the only one who decides about uploads of these bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(bytes.fromhex(sha256)[:8], signed=True)])


def _score(image: Image.Image) -> float:
    path = settings.ATELIER.explicit_classifier
    try:
        return classifier_named(path).score(image)
    except Exception as error:
        # Whatever a classifier may raise, the gate stays shut: a picture that nobody looked at is not shown.
        log.exception("moderation.classifier_failed", classifier=path)
        raise ScreeningUnavailable(
            gettext("The classifier does not work (%(type)s).") % {"type": type(error).__name__}
        ) from error


def _causes(screening: Screening, flags: "list[Flag] | tuple[Flag, ...]") -> dict[str, Any]:
    similar = next((flag for flag in flags if flag.kind is FlagKind.SIMILAR), None)
    memorised = next((flag for flag in flags if flag.kind is FlagKind.MEMORISED), None)
    return {
        "explicit": screening.explicit,
        "is_explicit": any(flag.kind is FlagKind.EXPLICIT for flag in flags),
        "resembles": similar.resembles if similar else None,
        "distance": int(similar.score) if similar else None,
        "repeats_id": memorised.repeats if memorised else None,
        "nearness": memorised.score if memorised else None,
    }


def _answers(review: Review, flag: Flag, upload: Upload) -> bool:
    """Has a curator cleared just this already? That it resembles a work is cleared for one sender, not for all."""
    if flag.kind is FlagKind.EXPLICIT:
        return review.is_explicit
    sent_by_same = review.uploads.filter(owner_id=upload.owner_id).exists()
    return flag.resembles is not None and review.resembles_id == flag.resembles.pk and sent_by_same
