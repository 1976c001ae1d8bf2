"""What a collector answers, and what comes of it: accepted and paid for, declined, cancelled; or the bank let go."""

from uuid import UUID

from django.db import transaction

from generation import services as generation
from generation.models import ReviewState
from marketplace.accounts.models import User
from marketplace.commissions.errors import NotNow
from marketplace.commissions.models import Commission
from marketplace.commissions.services.chain import splits_of
from marketplace.commissions.services.steps import end, locked, locked_for, move, require
from marketplace.commissions.services.telling import tell_delivered
from marketplace.orders import services as orders
from payments import services as payments

State = Commission.State


@transaction.atomic
def accept(*, commission_id: UUID, collector: User | None = None) -> Commission:
    """Take the work: its price is captured, and it is owned once that is done. Accepting twice is accepting once.

    Raises NotFound, NotNow.
    """
    commission = locked_for(collector, commission_id)
    if commission.state in {State.ACCEPTED, State.DELIVERED}:
        return commission
    require(commission, State.PROOF)
    assert commission.artwork_id is not None
    if not generation.settle_review(
        artwork_id=commission.artwork_id, state=ReviewState.CLEARED, because="The work was accepted, and is paid for."
    ):
        raise NotNow("A curator looks at the picture again first.", state=commission.state)
    payments.request_capture(
        payment_id=commission.payment_id,
        splits=splits_of(commission),
    )
    return move(commission, State.ACCEPTED)


@transaction.atomic
def decline(*, commission_id: UUID, collector: User) -> Commission:
    """Do not take the work: the card is released. Raises NotFound, NotNow."""
    commission = locked_for(collector, commission_id)
    if commission.state == State.DECLINED:
        return commission
    require(commission, State.PROOF)
    return end(commission, State.DECLINED, "You declined the proof.")


@transaction.atomic
def cancel(*, commission_id: UUID, collector: User) -> Commission:
    """Withdraw before the picture is ready: the job is stopped and the card released. Raises NotFound, NotNow."""
    commission = locked_for(collector, commission_id)
    if commission.state == State.CANCELLED:
        return commission
    require(commission, State.AWAITING_PAYMENT, State.PAINTING)
    # A picture that is painted and held back may be waited for no longer; its job is over.
    if commission.state == State.PAINTING and commission.job is not None and not commission.is_held:
        generation.cancel_job(job_id=commission.job.pk)
    return end(commission, State.CANCELLED, "You cancelled it.")


@transaction.atomic
def deliver(*, payment_id: UUID) -> None:
    """The money is there: the work is the collector's."""
    commission = locked(payment_id=payment_id)
    if commission is None or commission.state != State.ACCEPTED or commission.artwork is None:
        return
    orders.grant_ownership(
        artwork=commission.artwork,
        artist=commission.listing.artist,
        owner=commission.collector,
        source=f"commission:{commission.pk}",
    )
    move(commission, State.DELIVERED)
    tell_delivered(commission)


@transaction.atomic
def lapse(*, payment_id: UUID) -> None:
    """The provider let the authorisation go: nothing was charged, and nothing is delivered."""
    commission = locked(payment_id=payment_id)
    if commission is None or commission.is_over:
        return
    if commission.state == State.PAINTING and commission.job is not None and not commission.job.is_final:
        generation.cancel_job(job_id=commission.job.pk)
    ended = State.LAPSED if commission.artwork_id else State.EXPIRED
    end(commission, ended, "The card's authorisation lapsed; nothing was charged.")
