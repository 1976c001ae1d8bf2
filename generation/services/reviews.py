"""What curators decide about pictures that were held back.

Locks: an upload's bytes, a picture's dataset or a model first, then the review, then the artwork it is of.

Other rooms hear of works, each time with the work's id: `artwork.cleared`, `artwork.refused`, and `artwork.held` when a
clearance is undone. They look how the work stands by then, since a decision may be undone before they are told of it.
"""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from generation.errors import NothingToUndo, ReviewDecided, ReviewFinal, UploadRefused
from generation.models import Artwork, Dataset, Review, ReviewState, TrainedModel, Upload, UploadState, Visibility
from generation.services.artworks import lock_artwork
from generation.services.held_models import hold_model_again, show_model
from generation.services.held_pictures import admit_picture, hold_again, refuse_picture
from generation.services.moderation import free_of, lock_picture
from generation.services.shelving import copy_files, place_files, public_keys, withdraw_from_public
from generation.services.withdrawing import finish_withdrawals, note_withdrawals
from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import NotFound, PermissionRefused

log = structlog.get_logger(__name__)


def clear_review(*, review_id: UUID, curator: User, note: str = "") -> Review:
    """Let a picture pass: the upload may be used, the work is its owner's to see. Clearing twice is clearing once.

    Raises NotFound, PermissionRefused, ReviewDecided, ObjectMissing, StorageUnavailable.
    """
    review = _seen(review_id, curator)
    if review.state != ReviewState.WAITING:
        return _same_decision(review, ReviewState.CLEARED)
    copies = copy_files(review.artwork, is_held=False) if review.artwork else {}
    try:
        with transaction.atomic():
            review = _lock(review_id)
            if review.state == ReviewState.WAITING:
                _decide(review, ReviewState.CLEARED, curator, note)
                if review.artwork_id:
                    artwork = _show(review.artwork_id, Visibility.PRIVATE)
                    place_files(artwork, copies, is_held=False)
                    outbox.emit("artwork.cleared", artwork.pk)
                if review.dataset_picture:
                    admit_picture(review.dataset_picture)
                if review.trained_model:
                    show_model(review.trained_model)
                Upload.objects.filter(review=review, state=UploadState.HELD).update(
                    state=UploadState.READY, updated_at=Now()
                )
    except BaseException:
        withdraw_from_public(copies.values())
        raise
    if review.state != ReviewState.CLEARED:
        withdraw_from_public(copies.values())
    return _same_decision(review, ReviewState.CLEARED)


def refuse_review(*, review_id: UUID, curator: User, note: str = "") -> Review:
    """Keep a picture from everybody for good; its owner reads the note. Refusing twice is refusing once.

    Raises NotFound, PermissionRefused, ReviewDecided.
    """
    _require_curator(curator)
    with transaction.atomic():
        review = _lock(review_id)
        if review.state == ReviewState.WAITING:
            _decide(review, ReviewState.REFUSED, curator, note)
            if review.artwork_id:
                outbox.emit("artwork.refused", review.artwork_id)
            elif review.dataset_picture:
                refuse_picture(review.dataset_picture, review)
            elif review.upload:
                _reject_uploads(review)
    return _same_decision(review, ReviewState.REFUSED)


def undo_review(*, review_id: UUID, curator: User) -> Review:
    """Take a decision back: the picture is held and waits again, in the new review that is returned.

    Raises NotFound, PermissionRefused, NothingToUndo, ReviewFinal, ObjectMissing, StorageUnavailable.
    """
    review = _seen(review_id, curator)
    _require_undoable(review)
    was_shown = review.artwork is not None and not review.artwork.is_held
    shown = public_keys(review.artwork) if review.artwork and was_shown else []
    copies = copy_files(review.artwork, is_held=True) if review.artwork and was_shown else {}
    with transaction.atomic():
        review = _lock(review_id)
        _require_undoable(review)
        review.undone_by, review.undone_at = curator, timezone.now()
        review.save(update_fields=["undone_by", "undone_at", "updated_at"])
        again = Review.objects.create(**review.as_dict())
        Upload.objects.filter(review=review).update(
            review=again, state=UploadState.HELD, problem_code="", problem_detail="", updated_at=Now()
        )
        if review.dataset_picture:
            hold_again(review.dataset_picture)
        if review.trained_model:
            hold_model_again(review.trained_model)
        if review.artwork_id and was_shown:
            artwork = _show(review.artwork_id, Visibility.HELD)
            place_files(artwork, copies, is_held=True)
            note_withdrawals(artwork, shown)
            outbox.emit("artwork.held", artwork.pk)
            transaction.on_commit(finish_withdrawals, robust=True)
    log.info("review.undone", review=str(review_id), state=review.state)
    return again


def settle_review(*, artwork_id: UUID, state: ReviewState, because: str) -> bool:
    """Make a decision final, because something was built on it that cannot be taken back, in its transaction.

    False where the work's review does not stand so (any more), and nothing may be built on it. A work that was never
    held counts as cleared.
    """
    with transaction.atomic():
        review = Review.objects.standing().select_for_update(of=("self",)).filter(artwork_id=artwork_id).first()
        if review is None:
            return state == ReviewState.CLEARED
        if review.state != state:
            return False
        review.final_because = because[:200]
        review.save(update_fields=["final_because", "updated_at"])
    return True


def lock_review_of(*, artwork_id: UUID) -> Review | None:
    """The review that stands of a work, locked until the caller's transaction ends; before the work itself is."""
    return Review.objects.standing().select_for_update(of=("self",)).filter(artwork_id=artwork_id).first()


def _seen(review_id: UUID, curator: User) -> Review:
    """The review as it stands, before anything is locked."""
    _require_curator(curator)
    review = Review.objects.select_related("artwork").filter(pk=review_id).first()
    if review is None:
        raise NotFound(gettext("There is no such review."))
    if review.undone_at is not None:
        raise NothingToUndo(gettext("This decision was undone already; the picture waits in another review."))
    return review


def _lock(review_id: UUID) -> Review:
    """The review, locked, its bytes, dataset or model first.

    Raises NotFound, NothingToUndo where it was undone meanwhile.
    """
    subjects = ("upload__sha256", "dataset_picture__dataset", "trained_model")
    of = Review.objects.filter(pk=review_id).values_list(*subjects).first()
    sha256, dataset_id, model_id = of or (None, None, None)
    if sha256:
        lock_picture(sha256)
    if dataset_id:
        Dataset.objects.select_for_update().filter(pk=dataset_id).first()
    if model_id:
        TrainedModel.objects.select_for_update().filter(pk=model_id).first()
    found = Review.objects.select_for_update(of=("self",)).filter(pk=review_id)
    review = found.select_related("upload", "dataset_picture", "trained_model", "resembles__artist").first()
    if review is None:
        raise NotFound(gettext("There is no such review."))
    if review.undone_at is not None:
        raise NothingToUndo(gettext("This decision was undone already; the picture waits in another review."))
    return review


def _require_undoable(review: Review) -> None:
    if review.state == ReviewState.WAITING:
        raise NothingToUndo(gettext("This picture still waits for a decision."))
    if review.final_because:
        raise ReviewFinal(review.final_because)


def _decide(review: Review, state: ReviewState, curator: User, note: str) -> None:
    review.state, review.decided_by, review.decided_at = state, curator, timezone.now()
    review.note = note.strip()[:200]
    review.save(update_fields=["state", "decided_by", "decided_at", "note", "updated_at"])
    log.info("review.decided", review=str(review.pk), state=state, curator=str(curator.pk))


def _same_decision(review: Review, state: ReviewState) -> Review:
    if review.state != state:
        raise ReviewDecided(
            gettext("This was %(get_state_display)s already; undo that first.")
            % {"get_state_display": review.get_state_display().lower()}
        )
    return review


def _show(artwork_id: UUID, visibility: Visibility) -> Artwork:
    artwork = lock_artwork(artwork_id)
    artwork.visibility = visibility
    artwork.save(update_fields=["visibility", "updated_at"])
    return artwork


def _reject_uploads(review: Review) -> None:
    """Turn away everybody who sent the picture, those included who sent it before it was looked at."""
    assert review.upload is not None
    waiting = Q(review=review, state=UploadState.HELD)
    earlier = Q(sha256=review.upload.sha256, state=UploadState.READY) & ~Q(owner_id__in=free_of(review))
    Upload.objects.filter(waiting | earlier).update(
        review=review, state=UploadState.REJECTED, problem_code=UploadRefused.code,
        problem_detail=review.refusal,
        updated_at=Now(),
    )  # fmt: skip


def _require_curator(person: User) -> None:
    if not person.is_curator:
        raise PermissionRefused(gettext("Only curators decide about what is held back."))
