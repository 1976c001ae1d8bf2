"""Deciding about what the gate holds, from its own list: of a work that is a decision as any other, and in the log."""

from uuid import UUID

from django.db import transaction

from gallery.models import Reason, Verdict
from gallery.services.curating.cases import require_curator
from gallery.services.curating.deciding import decide
from generation import services as generation
from generation.models import FlagKind, Review, ReviewState
from marketplace.accounts.models import User

_WHY = {
    FlagKind.EXPLICIT: Reason.EXPLICIT,
    FlagKind.SIMILAR: Reason.DUPLICATE,
    FlagKind.MEMORISED: Reason.MEMORISED,
}


def clear_review(*, review_id: UUID, curator: User, note: str = "") -> Review:
    """Let a picture pass. Clearing twice is clearing once. Raises what `decide` and generation's `clear_review` do."""
    require_curator(curator)
    with transaction.atomic():
        review = _waiting_work(review_id)
        if review is None or review.artwork_id is None:
            return generation.clear_review(review_id=review_id, curator=curator, note=note)
        decide(artwork_id=review.artwork_id, curator=curator, verdict=Verdict.APPROVE, words=note)
        review.refresh_from_db()
    return review


def refuse_review(*, review_id: UUID, curator: User, note: str = "") -> Review:
    """Keep a picture from everybody, for what the gate held it for. Refusing twice is refusing once.

    Raises what `decide` and generation's `refuse_review` do.
    """
    require_curator(curator)
    with transaction.atomic():
        review = _waiting_work(review_id)
        if review is None or review.artwork_id is None:
            return generation.refuse_review(review_id=review_id, curator=curator, note=note)
        reason = _WHY[review.kinds[0]]
        decide(artwork_id=review.artwork_id, curator=curator, verdict=Verdict.REJECT, reason=reason, words=note)
        review.refresh_from_db()
    return review


def _waiting_work(review_id: UUID) -> Review | None:
    """The review, locked, where it is of a work, and waits: about that alone there are decisions."""
    artwork_id = Review.objects.filter(pk=review_id).values_list("artwork_id", flat=True).first()
    standing = generation.lock_review_of(artwork_id=artwork_id) if artwork_id else None
    is_it = standing is not None and standing.pk == review_id and standing.state == ReviewState.WAITING
    return standing if is_it else None
