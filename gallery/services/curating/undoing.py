"""Taking decisions back: everything is again as it was before, the case, its reports and its appeal included.

An appeal against what is taken back is upheld by that, and asks no longer.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gallery.models import (
    CASE,
    Appeal,
    AppealState,
    Case,
    CaseState,
    Cause,
    Decision,
    Feature,
    Report,
    ReportState,
    Verdict,
)
from gallery.services.cards import note_change
from gallery.services.curating.cases import artist_user_of, lock_case, require_curator
from gallery.services.curating.telling import tell_undone
from generation import services as generation
from generation.errors import NothingToUndo
from generation.models import Artwork, ReviewState
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound, PermissionRefused


def undo_decision(*, decision_id: UUID, curator: User) -> Decision:
    """Have a work as it was before a decision, which must be the last about it; any curator may, but its artist.

    While somebody appeals against it, too, and whoever decided it: that upholds the appeal. Raises NotFound,
    PermissionRefused, NothingToUndo, ReviewFinal, StorageUnavailable.
    """
    require_curator(curator)
    with transaction.atomic():
        decision = _locked(decision_id)
        if artist_user_of(decision.artwork).pk == curator.pk:
            raise PermissionRefused(_("Somebody else decides about a work of yours."))
        is_upheld = _uphold(decision)
        case = _reopened(decision)
        if decision.act_id is not None:
            generation.undo_curation(artwork_id=decision.artwork_id, curator=curator, act_id=decision.act_id)
        _undo_review(decision, curator)
        _undo_feature(decision)
        if case is not None:
            _as_before(case, decision)
        Report.objects.filter(decision=decision).update(state=ReportState.OPEN, decision=None)
        Appeal.objects.filter(answer=decision).exclude(decision=decision).update(state=AppealState.OPEN, answer=None)
        decision.undone_at, decision.undone_by = timezone.now(), curator
        decision.save(update_fields=["undone_at", "undone_by", "updated_at"])
        tell_undone(decision, is_upheld=is_upheld)
    return decision


def undo_last_decision(*, artwork_id: UUID, curator: User) -> Decision:
    """Undo the last decision about a work that stands. Raises NotFound where there is no such work, NothingToUndo, and
    as `undo_decision` does.
    """
    require_curator(curator)
    if not Artwork.objects.filter(pk=artwork_id).exists():
        raise NotFound(_("There is no such work."))
    last = Decision.objects.standing().filter(artwork=artwork_id).first()
    if last is None:
        raise NothingToUndo
    return undo_decision(decision_id=last.pk, curator=curator)


def _locked(decision_id: UUID) -> Decision:
    of = Decision.objects.filter(pk=decision_id).values_list("artwork_id", flat=True).first()
    if of is None:
        raise NotFound(_("There is no such decision."))
    generation.lock_review_of(artwork_id=of)
    found = Decision.objects.select_for_update(of=("self",)).select_related("artwork__artist__user", "artwork__maker")
    decision = found.get(pk=decision_id)
    if decision.undone_at is not None:
        raise NothingToUndo(_("This decision was undone already."))
    if Decision.objects.standing().filter(artwork=of).first() != decision:
        raise NothingToUndo(_("Something else was decided about this work since: undo that first."))
    return decision


def _uphold(decision: Decision) -> bool:
    """Uphold the appeal against a decision, if one waits: what is taken back is its answer. Its case is closed."""
    case = lock_case(decision.artwork_id)
    appeals = Appeal.objects.filter(decision=decision, state=AppealState.OPEN)
    if case is None or case.causes != [Cause.APPEALED] or not appeals.update(state=AppealState.UPHELD, answer=decision):
        return False
    CASE.move(case, "uphold")
    case.version += 1
    case.claimed_by = case.claimed_until = None
    case.save()
    return True


def _reopened(decision: Decision) -> Case | None:
    """The decision's case, waiting again; none where it had none."""
    current = lock_case(decision.artwork_id)
    if decision.case_id is None:
        return None
    if current is not None and current.pk != decision.case_id:
        raise NothingToUndo(_("Something new was asked about this work since: answer that."))
    case = current or Case.objects.select_for_update(of=("self",)).get(pk=decision.case_id)
    if case.state in {CaseState.APPROVED, CaseState.REJECTED, CaseState.CHANGES_ASKED}:
        CASE.move(case, "reopen")
        case.save()
    return case


def _as_before(case: Case, decision: Decision) -> None:
    was = decision.before["case"]
    case.refresh_from_db()  # the gate's review has had its say in the meantime
    if case.state in {CaseState.APPROVED, CaseState.REJECTED}:
        CASE.move(case, "reopen")
    for name in ("is_submitted", "is_held", "is_reported", "is_appealed", "report_count", "words"):
        setattr(case, name, was[name])
    case.waiting_since = parse_datetime(was["waiting_since"]) or case.waiting_since
    case.version += 1
    case.save()


def _undo_review(decision: Decision, curator: User) -> None:
    if decision.review_id is None or "review" not in decision.before:
        return
    again = generation.undo_review(review_id=decision.review_id, curator=curator)
    was = decision.before["review"]
    if was["state"] == ReviewState.REFUSED:  # an appeal had been upheld
        generation.refuse_review(review_id=again.pk, curator=curator, note=was["note"])


def _undo_feature(decision: Decision) -> None:
    if decision.verdict in {Verdict.FEATURE, Verdict.UNFEATURE}:
        note_change()
    if decision.verdict == Verdict.FEATURE:
        Feature.objects.filter(artwork=decision.artwork_id).delete()
    elif decision.verdict == Verdict.UNFEATURE:
        was = decision.before["featured"]
        featured_at = datetime.fromisoformat(was["at"])
        Feature.objects.create(artwork_id=decision.artwork_id, curator_id=was["by"], featured_at=featured_at)
