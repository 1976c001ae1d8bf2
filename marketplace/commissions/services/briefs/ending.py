"""Ends without a work: cancelled, not made in time, never paid in full, charged back; and disputes."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.commissions.models import (
    BRIEF,
    MOST_EVIDENCE,
    REFUNDS,
    Brief,
    BriefDispute,
    Evidence,
    Instalment,
    InstalmentKind,
)
from marketplace.commissions.selectors import refund_on_cancelling
from marketplace.commissions.services.briefs.answering import deliver, keep_picture
from marketplace.commissions.services.briefs.escrow import in_escrow, release_unpaid, settle_escrow, settle_instalment
from marketplace.commissions.services.briefs.making import stop_machines
from marketplace.commissions.services.briefs.pictures import brought_pictures
from marketplace.commissions.services.briefs.steps import locked, locked_for, move, other_side, side_of
from marketplace.commissions.services.briefs.telling import tell, tell_staff
from marketplace.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from marketplace.core.languages import kept, translated_lazily
from marketplace.core.machine import NotNow
from marketplace.core.money import Money
from marketplace.orders import services as orders
from payments.models import Dispute

log = structlog.get_logger(__name__)
State = Brief.State


@transaction.atomic
def cancel_brief(*, person: User, brief_id: UUID, reason: str = "") -> Brief:
    """Either side ends it once the work has begun; what goes back, REFUNDS says. Raises NotFound, NotNow."""
    brief = locked_for(person, brief_id)
    if brief.state == State.CANCELLED:
        return brief
    side = side_of(brief, person)
    back = refund_on_cancelling(brief, side)
    named = brief.artist.name if side == "artist" else kept("The collector")
    why = kept(f"{named} cancelled it. {reason.strip()}") if reason.strip() else kept(f"{named} cancelled it.")
    _end(brief, "cancel", back, why)
    tell(
        brief,
        other_side(brief, person),
        "commission.failed",
        format_lazy(_("{brief_title} was cancelled"), brief_title=brief.title),
        translated_lazily(why),
    )
    return brief


@transaction.atomic
def miss_deadline(*, brief_id: UUID) -> None:
    """No proof until `due_at`: everything goes back."""
    brief = locked(brief_id)
    if brief is None or brief.state != State.IN_PROGRESS or brief.due_at is None or brief.due_at > timezone.now():
        return
    _end(brief, "miss", REFUNDS["miss", "time", "any"], kept("It was not made in time; everything goes back."))
    for person in (brief.collector, brief.artist.user):
        tell(
            brief,
            person,
            "commission.failed",
            format_lazy(_("{brief_title} was not made in time"), brief_title=brief.title),
            translated_lazily(brief.reason),
        )


@transaction.atomic
def abandon_brief(*, brief_id: UUID) -> None:
    """The balance was not paid until `pay_by`: the work is nobody's, and a part goes back."""
    brief = locked(brief_id)
    if brief is None or brief.state != State.AWAITING_BALANCE or brief.pay_by is None or brief.pay_by > timezone.now():
        return
    _end(brief, "abandon", REFUNDS["abandon", "time", "accepted"], kept("The balance was not paid in time."))
    for person in (brief.collector, brief.artist.user):
        tell(
            brief,
            person,
            "commission.failed",
            format_lazy(_("{brief_title} was never paid in full"), brief_title=brief.title),
            translated_lazily(brief.reason),
        )


@transaction.atomic
def hear_the_bank(*, dispute_id: UUID) -> None:
    """The collector's bank has decided about a payment.

    Where it took it back for good, what else is in escrow goes back too, and no work is given; what was delivered is
    the artist's again. Where it gave it back to the house, what had to wait for that is done.
    """
    dispute = Dispute.objects.filter(pk=dispute_id, closed_at__isnull=False).first()
    charged = (
        Instalment.objects.select_related("payment").filter(payment=dispute.payment_id).first() if dispute else None
    )
    brief = locked(charged.brief_id) if charged else None
    if dispute is None or charged is None or brief is None or charged.kind == InstalmentKind.TIP:
        return
    if dispute.state == Dispute.State.LOST and brief.state == State.DELIVERED:
        _take_work_back(brief)
    if charged.settled_at is not None:
        return
    if dispute.state == Dispute.State.WON:
        if charged.refunded_bps is not None:
            why = kept("It was decided while your bank withheld it.")
            settle_instalment(charged, refund_bps=charged.refunded_bps, why="after-dispute", reason=why)
        return
    # What the bank took is settled by payments; nothing of it is left to give back.
    Instalment.objects.filter(pk=charged.pk).update(settled_at=timezone.now())
    if brief.state not in BRIEF.by_name["reverse"].sources:
        return
    _end(brief, "reverse", REFUNDS["reverse", "bank", "any"], kept("The collector's bank took the payment back."))
    for person in (brief.collector, brief.artist.user):
        tell(
            brief,
            person,
            "commission.failed",
            format_lazy(_("{brief_title} has ended"), brief_title=brief.title),
            translated_lazily(brief.reason),
        )


def _take_work_back(brief: Brief) -> None:
    """Nobody keeps both the work and the money; what else was paid for it stays with those who earned it."""
    came_back = orders.revoke_ownership(source=f"brief:{brief.pk}", because=f"reversal:{brief.pk}")
    reason = kept("The collector's bank took a payment back after delivery: it is the artist's again.")
    if not came_back:
        reason = kept("The collector's bank took a payment back after delivery: it was sold or given away since.")
    move(brief, "reverse", reason=reason)
    for person in (brief.artist.user, brief.collector):
        tell(
            brief,
            person,
            "commission.failed",
            format_lazy(_("A payment for {brief_title} was charged back"), brief_title=brief.title),
            translated_lazily(brief.reason),
        )
    tell_staff(
        brief,
        "dispute.closed",
        format_lazy(_("{brief_title} was charged back after delivery"), brief_title=brief.title),
        translated_lazily(brief.reason),
    )


@transaction.atomic
def open_dispute(*, person: User, brief_id: UUID, text: str, upload_ids: Sequence[UUID] = ()) -> BriefDispute:
    """Say that it went wrong: nothing moves until staff decide. Raises NotFound, NotNow, InvalidInput."""
    brief = locked_for(person, brief_id)
    before = brief.state
    move(brief, "dispute", accept_by=None, due_at=None, pay_by=None)
    release_unpaid(brief)
    dispute = BriefDispute.objects.create(brief=brief, opened_by=person, state_before=before)
    _bring(dispute, person, text, upload_ids)
    title = format_lazy(_("{brief_title} is disputed"), brief_title=brief.title)
    body = _("Staff of the house decide. Bring forward what speaks for you.")
    tell(brief, other_side(brief, person), "commission.disputed", title, body)
    tell_staff(brief, "commission.disputed", title, text.strip()[:200])
    return dispute


@transaction.atomic
def bring_evidence(*, person: User, brief_id: UUID, text: str, upload_ids: Sequence[UUID] = ()) -> Evidence:
    """Add to an open dispute, as either side; the other side and the staff are told.

    Raises NotFound, NotNow once it is decided, InvalidInput, PhotographNotReady, Conflict.
    """
    brief = locked_for(person, brief_id)
    if brief.state != State.DISPUTED:
        raise NotNow(gettext("There is no open dispute."), state=brief.state)
    if brief.dispute.evidence.filter(author=person).count() >= MOST_EVIDENCE:
        raise Conflict(
            gettext("Nobody reads more than %(most_evidence)s statements of one side.")
            % {"most_evidence": MOST_EVIDENCE}
        )
    brought = _bring(brief.dispute, person, text, upload_ids)
    title, body = (
        format_lazy(_("More about the dispute over {brief_title}"), brief_title=brief.title),
        brought.text[:200],
    )
    tell(brief, other_side(brief, person), "commission.disputed", title, body, once=brought.pk)
    tell_staff(brief, "commission.disputed", title, body, once=brought.pk)
    return brought


@transaction.atomic
def decide_dispute(*, staff: User, brief_id: UUID, refund_bps: int, is_delivered: bool, text: str) -> Brief:
    """What part of everything paid goes back, and whether the collector has the proof; the rest is the artist's.

    Nobody is given both: with the work less than all goes back, without it something does. The balance that was not
    paid is waived. Raises PermissionRefused, NotFound, NotNow, InvalidInput, Conflict.
    """
    if not staff.is_staff:
        raise PermissionRefused(gettext("Staff alone decide disputes."))
    brief = locked(brief_id)
    if brief is None:
        raise NotFound(gettext("There is no such commission."))
    if staff.pk in {brief.collector_id, brief.artist.user_id}:
        raise PermissionRefused(gettext("Nobody decides about their own commission."))
    if brief.state != State.DISPUTED:
        raise NotNow(gettext("There is no open dispute."), state=brief.state)
    _check_decision(brief, refund_bps, is_delivered, text)
    dispute = brief.dispute
    dispute.decided_by, dispute.decided_at = staff, timezone.now()
    dispute.refund_bps, dispute.is_delivered, dispute.decision = refund_bps, is_delivered, text.strip()
    dispute.save()
    paid = sum(one.payment.amount for one in in_escrow(brief))
    brief.reason = text.strip()[:500]
    if is_delivered:
        keep_picture(brief)
        deliver(brief, "decide_delivered", refund_bps=refund_bps)
    else:
        _end(brief, "decide_settled", refund_bps, brief.reason)
    back = Money(paid * refund_bps // 10_000, brief.currency)
    body = format_lazy(
        _("{back} of {paid} go back to the collector. {reason}"),
        back=back, paid=Money(paid, brief.currency), reason=brief.reason,
    )  # fmt: skip
    for person in (brief.collector, brief.artist.user):
        tell(
            brief,
            person,
            "commission.decided",
            format_lazy(_("The dispute about {brief_title} is decided"), brief_title=brief.title),
            body,
        )
    return brief


def _end(brief: Brief, how: str, refund_bps: int, reason: str) -> None:
    """End without a work: moved first, so that what may not be is refused before any money moves."""
    move(brief, how, reason=reason[:500], pay_by=None, accept_by=None, due_at=None)
    stop_machines(brief)
    release_unpaid(brief)
    settle_escrow(brief, refund_bps=refund_bps, why=how, reason=reason)


def _bring(dispute: BriefDispute, author: User, text: str, upload_ids: Sequence[UUID]) -> Evidence:
    if not 1 <= len(text.strip()) <= 5000:
        raise InvalidInput(gettext("Say what went wrong."), errors={"text": [gettext("From 1 to 5,000 characters.")]})
    uploads = brought_pictures(author, upload_ids, "uploads")
    evidence = Evidence.objects.create(dispute=dispute, author=author, text=text.strip())
    evidence.uploads.set(uploads)
    return evidence


def _check_decision(brief: Brief, refund_bps: int, is_delivered: bool, text: str) -> None:
    least, most = (0, 9_999) if is_delivered else (1, 10_000)
    errors: dict[str, list[str]] = {}
    if not least <= refund_bps <= most:
        errors["refund_bps"] = [
            gettext("From %(least)s to %(most)s: nobody has both the money and the work.")
            % {"least": least, "most": most}
        ]
    if not 1 <= len(text.strip()) <= 3000:
        errors["text"] = [gettext("Both sides are told why: from 1 to 3,000 characters.")]
    if errors:
        raise InvalidInput(gettext("This cannot be decided."), errors=errors)
    if is_delivered and brief.proof is None:
        raise Conflict(gettext("There is no proof that could be delivered."))
