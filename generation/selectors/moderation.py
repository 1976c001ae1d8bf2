"""Reading for the moderation gate: which work a picture looks like, and the curators' queue."""

from uuid import UUID

from django.db.models import BigIntegerField, F, Func, IntegerField, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from generation.models import Artwork, FileRole, Review, ReviewState
from generation.models.moderation import ReviewQuerySet
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound, PermissionRefused

PICTURE_SECONDS = 60
SEEN_WIDTH = 960


def lookalike_on_wall(phash: int, *, maker: User | None, within: int) -> tuple[Artwork, int] | None:
    """The work on the wall that looks most like a picture, and in how many bits they differ; none beyond `within`.

    Works that the picture's maker made, owns or published are passed over: a remake is no theft.
    """
    differing = Func(
        F("phash"),
        Cast(Value(phash), BigIntegerField()),
        arg_joiner=" # ",
        template="bit_count((%(expressions)s)::bit(64))",
        output_field=IntegerField(),
    )
    hung = Artwork.objects.on_wall().filter(phash__isnull=False)
    if maker is not None:
        hung = hung.exclude(Q(maker=maker) | Q(owner=maker) | Q(artist__user=maker))
    nearest = hung.annotate(differing=differing).filter(differing__lte=within).order_by("differing", "id")
    found = nearest.select_related("artist").first()
    return (found, found.differing) if found is not None else None  # type: ignore[attr-defined]  # annotated above


def reviews_for(viewer: User, state: ReviewState | None = None) -> ReviewQuerySet:
    """Reviews that stand, those that wait first; for curators and staff. Raises PermissionRefused."""
    if not may_review(viewer):
        raise PermissionRefused(gettext("Only curators see what is held back."))
    reviews = Review.objects.standing().select_related(
        "upload__owner",
        "artwork__maker",
        "artwork__artist",
        "artwork__job",
        "artwork__memorisation__picture",
        "resembles__artist",
        "decided_by",
        "dataset_picture__consented_by",
        "trained_model__artist__user",
    )
    reviews = reviews.prefetch_related("artwork__files", "resembles__files")
    return reviews if state is None else reviews.filter(state=state)


def review_by_id(review_id: UUID, viewer: User) -> Review:
    """One review that stands, for curators and staff. Raises PermissionRefused, NotFound."""
    review = reviews_for(viewer).filter(pk=review_id).first()
    if review is None:
        raise NotFound(gettext("There is no such review."))
    return review


def may_review(viewer: User | None) -> bool:
    """May this person see what is held back?"""
    return viewer is not None and (viewer.is_staff or viewer.is_curator)


def waiting_count() -> int:
    """How many pictures wait for a curator."""
    return Review.objects.waiting().count()


def review_picture_url(review: Review) -> str:
    """An address of the picture for a minute; ask `may_review` first."""
    if review.upload is not None:
        return storage.presigned_get(review.upload.key, expires=PICTURE_SECONDS)
    if review.dataset_picture is not None:
        return storage.presigned_get(review.dataset_picture.key, expires=PICTURE_SECONDS)
    if review.trained_model is not None:
        return storage.presigned_get(review.trained_model.samples_key, expires=PICTURE_SECONDS)
    assert review.artwork is not None
    # Of a film the whole of it: what it is held for need not be on its poster.
    role = FileRole.FILM if review.artwork.is_film else FileRole.PREVIEW
    shown = [file for file in review.artwork.files.all() if file.role == role and file.format == "webp"]
    file = min(shown, key=lambda file: abs(file.width - SEEN_WIDTH), default=review.artwork.original)
    if file is None:
        return ""
    return file.url or storage.presigned_get(file.key, expires=PICTURE_SECONDS)
