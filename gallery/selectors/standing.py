"""How a work stands with the curators, as its artist sees it."""

from dataclasses import dataclass

from gallery.models import Appeal, Case, CaseState, Cause, Decision
from gallery.selectors.curating import can_be_appealed, last_decision_on, open_case_of
from generation.models import Artwork, Visibility
from marketplace.accounts.models import User


@dataclass(frozen=True, slots=True)
class Standing:
    """What is asked about a work, what was decided last, and what its artist can do about it."""

    is_artist: bool = False
    case: Case | None = None
    decision: Decision | None = None
    appeal: Appeal | None = None
    can_submit: bool = False
    can_withdraw: bool = False
    can_appeal: bool = False


def curation_of(artwork: Artwork, person: User | None) -> Standing:
    """How the work stands for this person: all of it for its artist, the case alone for curators, else nothing."""
    if person is None:
        return Standing()
    answers_for = artwork.artist.user_id if artwork.artist else artwork.maker_id
    if answers_for != person.pk:
        return Standing(case=open_case_of(artwork.pk) if person.is_curator else None)
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
