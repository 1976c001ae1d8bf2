"""Pictures of datasets that are held for a curator, and what becomes of them when one has decided.

Each function runs in its caller's transaction, with the picture's dataset locked.
"""

import structlog

from generation import selectors
from generation.errors import UploadRefused
from generation.models import Dataset, DatasetPicture, PictureState, Review, ReviewState
from marketplace.core.languages import kept

log = structlog.get_logger(__name__)
ALIKE = 2  # bits of the perceptual hash by which twins differ at most


def judge_twin(picture: DatasetPicture) -> None:
    """Mark a picture that can be used as ready, or as a duplicate of one that is. It is not saved yet."""
    picture.state, picture.twin, picture.problem_code, picture.problem_detail = PictureState.READY, None, "", ""
    if twin := selectors.twin_of(picture, within=ALIKE):
        picture.state, picture.twin = PictureState.DUPLICATE, twin
        picture.problem_detail = kept(f"It is like {twin.filename}.")


def hold_picture(picture: DatasetPicture) -> None:
    """Save a picture that is too explicit to pass: as held, or as a curator decided about these very bytes before."""
    decided = Review.objects.standing().exclude(state=ReviewState.WAITING).order_by("-decided_at")
    known = decided.filter(dataset_picture__sha256=picture.sha256).first()
    if known is None:
        picture.save()
        Review.objects.create(dataset_picture=picture, explicit=picture.explicit, is_explicit=True)
        log.info("picture.held", picture=str(picture.pk))
    elif known.state == ReviewState.CLEARED:
        judge_twin(picture)
        picture.save()
    else:
        refuse_picture(picture, known)


def admit_picture(picture: DatasetPicture) -> None:
    """Let a held picture be used: a curator has cleared it."""
    if picture.state == PictureState.HELD:
        judge_twin(picture)
        picture.save()


def refuse_picture(picture: DatasetPicture, review: Review) -> None:
    """Turn a held picture away; the artist reads why."""
    picture.state = PictureState.REFUSED
    picture.problem_code, picture.problem_detail = UploadRefused.code, review.refusal
    picture.save()


def hold_again(picture: DatasetPicture) -> None:
    """Hold a picture about which a decision was taken back."""
    picture.state, picture.twin, picture.problem_code, picture.problem_detail = PictureState.HELD, None, "", ""
    picture.save()


def settle_reviews_of(dataset: Dataset) -> None:
    """Make what curators decided about a dataset's pictures final: it is being frozen with them, or without."""
    decided = Review.objects.standing().exclude(state=ReviewState.WAITING).filter(dataset_picture__dataset=dataset)
    decided.update(final_because=kept("The dataset was closed since, so that models can learn from it."))
