"""How a work stands with the curators, as its artist sees it, and as they do."""

from dataclasses import dataclass, field

from gallery.models import Appeal, Case, CaseState, Cause, Decision, Reason
from gallery.selectors.curating import can_be_appealed, is_featured, last_decision_on, open_case_of
from generation.models import Artwork, Visibility
from marketplace.accounts.models import User
from marketplace.orders import selectors as orders


@dataclass(frozen=True, slots=True)
class Standing:
    """What is asked about a work, what was decided last, and what its artist can do about it."""

    is_artist: bool = False
    is_owner: bool = False  # of what was taken down, without being its artist
    case: Case | None = None
    decision: Decision | None = None
    appeal: Appeal | None = None
    can_submit: bool = False
    can_withdraw: bool = False
    can_appeal: bool = False
    # For curators: what can be undone, whether it is featured, and the reasons that they can give.
    last: Decision | None = None
    is_featured: bool = False
    reasons: list[tuple[str, str]] = field(default_factory=list)


def curation_of(artwork: Artwork, person: User | None) -> Standing:
    """How the work stands for this person: its artist, a curator, or anybody else, who is told nothing."""
    if person is None:
        return Standing()
    answers_for = artwork.artist.user_id if artwork.artist else artwork.maker_id
    if answers_for != person.pk:
        return _for_curator(artwork) if person.is_curator else _for_owner(artwork, person)
    case, decision = open_case_of(artwork.pk), last_decision_on(artwork.pk)
    was_rejected = decision is not None and decision.verdict == "reject"
    is_free = case is None and artwork.visibility == Visibility.PRIVATE and not was_rejected
    asked_again = case is not None and case.state == CaseState.CHANGES_ASKED
    return Standing(
        is_artist=artwork.artist is not None or case is not None or decision is not None,
        case=case,
        decision=decision,
        appeal=getattr(decision, "appeal", None),
        can_submit=artwork.artist is not None and (is_free or asked_again),
        can_withdraw=case is not None and case.causes == [Cause.SUBMITTED],
        can_appeal=decision is not None and can_be_appealed(decision),
    )


def _for_owner(artwork: Artwork, person: User) -> Standing:
    """What somebody who owns a work reads once it was taken down: why, and that they may object."""
    if artwork.visibility != Visibility.HIDDEN:
        return Standing()
    is_owner = artwork.owner_id == person.pk or orders.owned_of_artwork(person, artwork.pk).exists()
    decision = last_decision_on(artwork.pk) if is_owner else None
    if decision is None:
        return Standing()
    appeal = getattr(decision, "appeal", None)
    return Standing(is_owner=True, decision=decision, appeal=appeal, can_appeal=can_be_appealed(decision))


def _for_curator(artwork: Artwork) -> Standing:
    last = Decision.objects.standing().filter(artwork=artwork).select_related("curator").first()
    return Standing(
        case=open_case_of(artwork.pk),
        last=last,
        is_featured=is_featured(artwork.pk),
        reasons=[(value, str(label)) for value, label in Reason.choices],
    )
