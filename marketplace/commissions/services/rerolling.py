"""What becomes of another picture that was asked for: paid for where it is not included, shown, or come to nothing.

The commission is locked first, as everywhere, and with it its re-rolls. While one is made the proof may be answered all
the same, and its deadline runs: the answer ends what is open.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from generation import services as generation
from generation.models import Artwork, Job, ReviewState
from marketplace.accounts.models import User
from marketplace.commissions import selectors
from marketplace.commissions.errors import NotNow
from marketplace.commissions.models import REROLL, Commission, Reroll
from marketplace.commissions.services.deadlines import answer_by, leaves_time
from marketplace.commissions.services.steps import (
    announce,
    locked,
    locked_for,
    move,
    move_reroll,
    release_reroll,
)
from marketplace.commissions.services.submitting import submit
from marketplace.commissions.services.telling import tell_proof, tell_reroll_failed
from marketplace.core.errors import AtelierError, NotFound
from marketplace.core.languages import kept
from payments import services as payments
from payments.errors import IntentUnknown
from payments.models import Payment

State, RerollState = Commission.State, Reroll.State
DRAWN_BELOW = 10**9


def pay_reroll(*, reroll: Reroll, payment_method: str | None = None) -> Payment | None:
    """Prepare the hold of its price with the provider, or make it with a payment method; none where it is included.

    Not inside a transaction. Raises NotNow, PaymentDeclined, GatewayRefused, GatewayUnavailable.
    """
    if reroll.payment is None:
        return None
    if reroll.state != RerollState.AWAITING_PAYMENT:
        return reroll.payment
    if reroll.pay_by < timezone.now():
        raise NotNow(gettext("It was not paid in time; ask for another."), state=reroll.state)
    return payments.authorise(payment_id=reroll.payment.pk, payment_method=payment_method)


@transaction.atomic
def drop_reroll(*, commission_id: UUID, collector: User | None, number: int) -> Reroll:
    """Give up one that is not paid yet; without a collector, one that nobody paid in time. Raises NotFound, NotNow."""
    commission = locked_for(collector, commission_id)
    reroll = commission.rerolls.select_related("payment").filter(number=number).first()
    if reroll is None:
        raise NotFound(gettext("There is no such re-roll."))
    if reroll.state == RerollState.DROPPED:
        return reroll
    if reroll.state != RerollState.AWAITING_PAYMENT or (reroll.payment and not reroll.payment.is_payable):
        raise NotNow(gettext("It is being painted already."), state=reroll.state)
    _end(commission, reroll, "drop", kept("It was not paid."))
    return reroll


def expire_reroll(*, reroll: Reroll) -> None:
    """Give up what nobody paid in time, unless the provider says that somebody has; that is then heard of soon.

    Not inside a transaction. Raises GatewayUnavailable, GatewayRefused.
    """
    if reroll.payment_id is not None:
        with suppress(IntentUnknown):  # what the provider does not know, nobody pays
            payments.refresh(payment_id=reroll.payment_id)
    with suppress(NotNow):
        drop_reroll(commission_id=reroll.commission_id, collector=None, number=reroll.number)


@transaction.atomic
def begin_reroll(*, payment_id: UUID) -> None:
    """Its price is held: have it painted; where the proof was answered meanwhile, the hold is released."""
    found = _of(payment=payment_id)
    if found is None:
        return
    commission, reroll = found
    if reroll.state == RerollState.DROPPED:
        release_reroll(reroll)
    if reroll.state != RerollState.AWAITING_PAYMENT:
        return
    if commission.state != State.PROOF:
        _end(commission, reroll, "drop", kept("The proof was answered before it was paid."))
        return
    try:
        with transaction.atomic():
            reroll.job = submit(commission, reroll)
    except AtelierError as error:
        _end(commission, reroll, "drop", error.detail)
        tell_reroll_failed(reroll)
        return
    move_reroll(reroll, "begin")
    announce(commission)


@transaction.atomic
def show_reroll(*, job_id: UUID) -> None:
    """The picture is ready: it stands beside the others, and silence is from now on the acceptance of this one.

    One that comes too late to be looked at comes to nothing, and its hold is released.
    """
    found = _of(job=job_id)
    if found is None or found[1].state != RerollState.PAINTING:
        return
    commission, reroll = found
    artwork = Artwork.objects.get(job_id=job_id)
    if artwork.is_held or commission.state not in {State.PROOF, State.PAINTING}:
        announce(commission)
        return
    if not leaves_time(commission):
        _end(commission, reroll, "fail", kept("It was ready too late for you to look at it."))
        tell_reroll_failed(reroll)
        return
    move_reroll(reroll, "show")
    commission.artwork, commission.accept_by = artwork, answer_by(commission)
    move(commission, State.PROOF)
    tell_proof(commission, reroll.number)


@transaction.atomic
def stop_reroll(*, job_id: UUID) -> None:
    """The job failed or was cancelled: the re-roll does not count, its hold is released, the collector is told."""
    found = _of(job=job_id)
    if found is None or found[1].state != RerollState.PAINTING or found[1].job is None:
        return
    commission, reroll = found
    if found[1].job.state not in {Job.State.FAILED, Job.State.CANCELLED}:
        return
    _end(commission, reroll, "fail", found[1].job.error_detail or kept("The picture could not be painted."))
    tell_reroll_failed(reroll)


def show_cleared_reroll(*, artwork_id: UUID) -> None:
    """A curator cleared the picture: shown as if it had been painted just now."""
    show_reroll(job_id=Artwork.objects.values_list("job_id", flat=True).get(pk=artwork_id))


@transaction.atomic
def take_reroll_back(*, artwork_id: UUID) -> None:
    """A curator holds the picture back after all: the others may be answered meanwhile."""
    found = _of(job__artwork=artwork_id)
    held = Artwork.objects.filter(pk=artwork_id, visibility=Artwork.Visibility.HELD)
    if found is None or found[1].state != RerollState.SHOWN or not held.exists():
        return
    commission, reroll = found
    move_reroll(reroll, "hold")
    lead_with_another(commission)


@transaction.atomic
def withdraw_reroll(*, artwork_id: UUID) -> None:
    """A curator refused the picture: it comes to nothing, for good, and its hold is released."""
    found = _of(job__artwork=artwork_id)
    if found is None or not REROLL.allows("refuse", found[1].state):
        return
    commission, reroll = found
    because = kept("The re-roll it was made for has ended and its money went back; neither can be brought back.")
    if not generation.settle_review(artwork_id=artwork_id, state=ReviewState.REFUSED, because=because):
        return
    _end(commission, reroll, "refuse", kept("The picture cannot be shown here."))
    tell_reroll_failed(reroll)
    if commission.artwork_id == artwork_id:
        lead_with_another(commission)


@transaction.atomic
def forget_hold(*, payment_id: UUID) -> None:
    """The provider let the hold go: what is shown stays, at no cost; what is not painted yet is given up."""
    found = _of(payment=payment_id)
    if found is not None and found[1].is_open:
        _end(*found, "drop", kept("The hold on your card lapsed."))


def lead_with_another(commission: Commission) -> None:
    """Its picture is held or refused: the newest other one takes its place, or there is nothing to answer for now."""
    others = [one.artwork for one in selectors.shown_candidates(commission) if one.artwork]
    commission.artwork = others[-1] if others else None
    if commission.artwork is None:
        commission.accept_by = None
    move(commission, State.PROOF if others else State.PAINTING)


def _of(**which: Any) -> tuple[Commission, Reroll] | None:
    """The re-roll and its commission, the latter locked."""
    first = Reroll.objects.filter(**which).values_list("commission_id", flat=True).first()
    commission = locked(pk=first) if first else None
    if commission is None:
        return None
    reroll = Reroll.objects.select_related("payment", "job", "commission__collector").get(**which)
    reroll.commission = commission
    return commission, reroll


def _end(commission: Commission, reroll: Reroll, how: str, reason: str) -> None:
    """Nothing comes of it: nothing is charged for it, and its seed is anybody's again."""
    reroll.reason = reason[:300]
    release_reroll(reroll)
    move_reroll(reroll, how)
    announce(commission)
