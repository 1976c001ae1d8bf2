"""What curators decide about a work, answered case or not: one decision row each, and everybody concerned is told."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.models import (
    ANSWERS,
    CASE,
    LONGEST_WORDS,
    Appeal,
    AppealState,
    BulkAction,
    Case,
    Decision,
    Feature,
    Reason,
    Report,
    ReportState,
    Verdict,
)
from gallery.selectors.curating import is_for_another
from gallery.services.cards import note_change
from gallery.services.curating.cases import artist_user_of, changed, lock_case, require_curator, require_unclaimed
from gallery.services.curating.telling import tell_decided
from generation import services as generation
from generation.models import Artwork, Review, ReviewState, Visibility
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.machine import NotNow

log = structlog.get_logger(__name__)
MUST_SAY = (Verdict.REJECT, Verdict.ASK_CHANGES, Verdict.HIDE)


@dataclass
class Question:
    """A work as it stands before it is decided about, all of it locked but the work itself."""

    artwork: Artwork
    case: Case | None
    review: Review | None
    curator: User
    words: str


def decide(
    *,
    artwork_id: UUID,
    curator: User,
    verdict: Verdict,
    reason: str = "",
    words: str = "",
    version: int | None = None,
    bulk: BulkAction | None = None,
) -> Decision:
    """Approve, reject, ask for changes, hide, or feature one work; the artist is told, and so is who reported it.

    `version` is that of the case as the curator saw it: where it has moved on, nothing is done. Raises NotFound,
    PermissionRefused (also for one's own work, and for an appeal against oneself where there is another curator),
    InvalidInput, CaseChanged, CaseClaimed, NotNow; and what the gate's reviews raise.
    """
    require_curator(curator)
    verdict, words = Verdict(verdict), words.strip()
    _check_reason(verdict, reason, words)
    with transaction.atomic():
        question = _asked(artwork_id, curator, version, words)
        before, last_act = snapshot(question), _last_act(artwork_id)
        question.review = _ACTS[verdict](question)
        case = question.case if verdict in ANSWERS else None
        artwork = Artwork.objects.select_related("artist__user", "maker").get(pk=artwork_id)
        question.artwork = artwork
        act = _last_act(artwork_id)
        decision = Decision(
            artwork=artwork, case=question.case, curator=curator, verdict=verdict, reason=reason, words=words,
            before=before, act_id=act if act != last_act else None, review=question.review, bulk=bulk,
        )  # fmt: skip
        if case is not None:
            case.refresh_from_db(fields=["state", "version"])  # the gate's review may have closed it
            if case.is_open:
                CASE.move(case, verdict.value)
        if question.case is not None:
            question.case.version += 1
            question.case.claimed_by = question.case.claimed_until = None
            question.case.save()
        decision.after = snapshot(question)
        decision.save()
        if case is not None:
            _answer(decision)
        tell_decided(decision)
    log.info("work.decided", artwork=str(artwork_id), verdict=verdict, curator=str(curator.pk))
    return decision


def snapshot(question: Question) -> dict[str, Any]:
    """How a work and what is asked about it stand, as decisions keep it."""
    artwork, case, review = question.artwork, question.case, question.review
    feature = Feature.objects.filter(artwork=artwork).first()
    stand: dict[str, Any] = {
        "visibility": artwork.visibility,
        "hung_at": artwork.hung_at.isoformat() if artwork.hung_at else None,
        "taken_down_at": artwork.taken_down_at.isoformat() if artwork.taken_down_at else None,
        "featured": {"by": str(feature.curator_id), "at": feature.featured_at.isoformat()} if feature else None,
    }
    if case is not None:
        kept = ("state", "is_submitted", "is_held", "is_reported", "is_appealed", "report_count", "words")
        stand["case"] = {name: getattr(case, name) for name in kept}
        stand["case"]["waiting_since"] = case.waiting_since.isoformat()
    if review is not None:
        stand["review"] = {"state": review.state, "note": review.note}
    return stand


def _asked(artwork_id: UUID, curator: User, version: int | None, words: str) -> Question:
    review = generation.lock_review_of(artwork_id=artwork_id)
    case = lock_case(artwork_id)
    artwork = Artwork.objects.select_related("artist__user", "maker").filter(pk=artwork_id).first()
    if artwork is None:
        raise NotFound(_("There is no such work."))
    if artist_user_of(artwork).pk == curator.pk or artwork.maker_id == curator.pk:
        raise PermissionRefused(_("Somebody else decides about a work of yours."))
    if version is not None and (case is None or case.version != version):
        raise changed(artwork_id)
    if case is not None:
        require_unclaimed(case, curator)
        _require_another(case, curator)
    return Question(artwork, case, review, curator, words)


def _require_another(case: Case, curator: User) -> None:
    """An appeal is for somebody else than who decided, where there is anybody else."""
    if is_for_another(case, curator):
        raise PermissionRefused(_("This is an appeal against a decision of yours: another curator answers it."))


def _approve(question: Question) -> Review | None:
    review, case, work = question.review, question.case, question.artwork.pk
    if review is not None and review.state != ReviewState.CLEARED:
        if review.state == ReviewState.REFUSED:
            review = generation.undo_review(review_id=review.pk, curator=question.curator)
        return generation.clear_review(review_id=review.pk, curator=question.curator, note=question.words[:200])
    if case is None and question.artwork.visibility == Visibility.WALL:
        raise NotNow(_("This work hangs already, and nothing is asked about it."), state=question.artwork.visibility)
    is_submitted = case is not None and case.is_submitted
    if case is None and question.artwork.visibility == Visibility.PRIVATE:
        raise NotNow(_("Nobody has asked for this work to be hung."), state=question.artwork.visibility)
    if question.artwork.visibility == Visibility.HIDDEN and not is_submitted:
        generation.bring_back_artwork(artwork_id=work, curator=question.curator, reason=question.words)
    elif case is None or not case.is_reported or is_submitted:
        generation.hang_artwork(artwork_id=work, curator=question.curator, reason=question.words)
    return None


def _reject(question: Question) -> Review | None:
    review = question.review
    if review is not None and review.state == ReviewState.WAITING:
        note = question.words[:200]
        return generation.refuse_review(review_id=review.pk, curator=question.curator, note=note)
    if question.artwork.visibility == Visibility.WALL:
        _take_down(question)
    elif question.case is None:
        raise NotNow(_("This work does not hang, and nothing is asked about it."), state=question.artwork.visibility)
    return None


def _ask_changes(question: Question) -> Review | None:
    if question.case is None or question.case.is_held:
        raise NotNow(_("Changes can be asked for of a work that waits, and that the gate does not hold."))
    return None


def _hide(question: Question) -> Review | None:
    if question.artwork.visibility != Visibility.WALL:
        raise NotNow(_("This work does not hang."), state=question.artwork.visibility)
    _take_down(question)
    return None


def _feature(question: Question) -> Review | None:
    if question.artwork.visibility != Visibility.WALL:
        raise NotNow(_("Only what hangs on the wall can be featured."), state=question.artwork.visibility)
    if not Feature.objects.get_or_create(artwork=question.artwork, defaults={"curator": question.curator})[1]:
        raise NotNow(_("This work is featured already."))
    note_change()
    return None


def _unfeature(question: Question) -> Review | None:
    if not Feature.objects.filter(artwork=question.artwork).delete()[0]:
        raise NotNow(_("This work is not featured."))
    note_change()
    return None


_ACTS = {
    Verdict.APPROVE: _approve, Verdict.REJECT: _reject, Verdict.ASK_CHANGES: _ask_changes, Verdict.HIDE: _hide,
    Verdict.FEATURE: _feature, Verdict.UNFEATURE: _unfeature,
}  # fmt: skip


def _take_down(question: Question) -> None:
    generation.take_down_artwork(artwork_id=question.artwork.pk, curator=question.curator, reason=question.words)


def _answer(decision: Decision) -> None:
    """Reports and appeals are answered with the case: an approval dismisses reports and upholds an appeal."""
    if decision.verdict == Verdict.ASK_CHANGES:
        return
    is_approved = decision.verdict == Verdict.APPROVE
    reports = Report.objects.filter(artwork=decision.artwork, state=ReportState.OPEN)
    reports.update(state=ReportState.DISMISSED if is_approved else ReportState.UPHELD, decision=decision)
    appeals = Appeal.objects.filter(decision__artwork=decision.artwork, state=AppealState.OPEN)
    appeals.update(state=AppealState.UPHELD if is_approved else AppealState.DISMISSED, answer=decision)


def _last_act(artwork_id: UUID) -> int | None:
    found: int | None = Artwork.objects.get(pk=artwork_id).curation_acts.values_list("pk", flat=True).first()
    return found


def _check_reason(verdict: Verdict, reason: str, words: str) -> None:
    errors = {}
    if (reason and reason not in Reason.values) or (verdict in MUST_SAY and not reason):
        errors["reason"] = [_("Choose a reason; the artist reads it.")]
    if len(words) > LONGEST_WORDS:
        errors["words"] = [_("At most %(most)d characters.") % {"most": LONGEST_WORDS}]
    if reason == Reason.OTHER and verdict in MUST_SAY and not words:
        errors["words"] = [_("Say which.")]
    if errors:
        raise InvalidInput(_("Say why."), errors=errors)
