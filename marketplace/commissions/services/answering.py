"""What a collector answers, and what comes of it: accepted and paid for, declined, cancelled; or the bank let go."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from generation import services as generation
from generation.models import ReviewState
from marketplace.accounts.models import User
from marketplace.commissions import selectors
from marketplace.commissions.errors import NotNow, TotalChanged
from marketplace.commissions.models import Commission
from marketplace.commissions.models.rerolls import SEEN
from marketplace.commissions.selectors.candidates import Candidate
from marketplace.commissions.services.chain import splits_of
from marketplace.commissions.services.steps import close_rerolls, end, locked, locked_for, move, require
from marketplace.commissions.services.telling import tell_delivered
from marketplace.core.errors import InvalidInput
from marketplace.core.languages import kept
from marketplace.orders import services as orders
from payments import services as payments
from payments.models import Payment

State = Commission.State


@transaction.atomic
def accept(
    *, commission_id: UUID, collector: User | None = None, candidate: int | None = None, amount: int | None = None
) -> Commission:
    """Take one of the candidates: the price is captured, and the work is owned once that is done.

    With it goes what is held for paid re-rolls that were shown; one that is still being made is given up and costs
    nothing. `amount` is the total that the collector agrees to: needed where there is more than the price to pay, and
    refused where it is not what stands now. `candidate` is needed where there are several. Silence (no collector) takes
    the newest. Accepting twice is accepting once. Raises NotFound, NotNow, TotalChanged, InvalidInput.
    """
    commission = locked_for(collector, commission_id)
    if commission.state in {State.ACCEPTED, State.DELIVERED}:
        return _same(commission, candidate)
    require(commission, State.PROOF)
    taken = _taken(commission, candidate, is_silent=collector is None)
    if collector is not None:
        _check_total(commission, amount)
    assert taken.artwork is not None
    if not generation.settle_review(
        artwork_id=taken.artwork.pk, state=ReviewState.CLEARED, because=kept("The work was accepted, and is paid for.")
    ):
        raise NotNow(gettext("A curator looks at the picture again first."), state=commission.state)
    payments.request_capture(payment_id=commission.payment_id, splits=splits_of(commission))
    close_rerolls(commission, chosen=taken.reroll, is_accepted=True)
    commission.artwork = taken.artwork
    if taken.reroll is not None:
        commission.parameters, commission.seed = taken.reroll.parameters, taken.reroll.seed
    if commission.seed is not None:
        commission.claimed_seeds.exclude(seed=commission.seed).delete()
    return move(commission, State.ACCEPTED)


@transaction.atomic
def decline(*, commission_id: UUID, collector: User) -> Commission:
    """Do not take the work: the card is released. Raises NotFound, NotNow."""
    commission = locked_for(collector, commission_id)
    if commission.state == State.DECLINED:
        return commission
    require(commission, State.PROOF)
    return end(commission, State.DECLINED, kept("You declined the proof."))


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
    return end(commission, State.CANCELLED, kept("You cancelled it."))


@transaction.atomic
def deliver(*, payment_id: UUID) -> None:
    """The money is there: the work is the collector's, and what is held for re-rolls that they saw is taken too."""
    commission = locked(payment_id=payment_id)
    if commission is None or commission.state != State.ACCEPTED or commission.artwork is None:
        return
    orders.grant_ownership(
        artwork=commission.artwork,
        artist=commission.listing.artist,
        owner=commission.collector,
        source=f"commission:{commission.pk}",
    )
    for reroll in commission.rerolls.select_related("payment"):
        held = reroll.payment
        if held is not None and reroll.state in SEEN and held.state == Payment.State.AUTHORISED:
            payments.request_capture(payment_id=held.pk, splits=splits_of(commission, held.asked))
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
    end(commission, ended, kept("The card's authorisation lapsed; nothing was charged."))


def _taken(commission: Commission, number: int | None, *, is_silent: bool) -> Candidate:
    """The candidate that is meant. Raises NotNow, InvalidInput."""
    shown = selectors.shown_candidates(commission)
    if not shown or (is_silent and commission.artwork is not None and commission.artwork.is_held):
        raise NotNow(gettext("A curator looks at the picture again first."), state=commission.state)
    if is_silent:
        found = next((one for one in shown if one.artwork and one.artwork.pk == commission.artwork_id), None)
    elif number is None and len(shown) == 1:
        found = shown[0]
    else:
        found = next((one for one in shown if one.number == number), None)
    if found is None:
        told = ["Name one of: " + ", ".join(str(one.number) for one in shown) + "."]
        raise InvalidInput(gettext("Which of the pictures do you take?"), errors={"candidate": told})
    return found


def _check_total(commission: Commission, agreed: int | None) -> None:
    """Nobody is charged what they did not agree to. Raises TotalChanged."""
    total = selectors.total_of(commission)
    if (commission.payment.amount if agreed is None else agreed) != total.amount:
        told = gettext("It costs %(total)s, with the re-rolls that you saw. Look at them, and send that amount.") % {
            "total": total
        }
        raise TotalChanged(told, amount=total.amount, currency=total.currency)


def _same(commission: Commission, number: int | None) -> Commission:
    """Accepted before; another one of its candidates is not taken in its place. Raises NotNow."""
    taken = next((one.number for one in selectors.candidates_of(commission) if one.is_chosen), None)
    if number is not None and number != taken:
        raise NotNow(gettext("You accepted another of the pictures."), state=commission.state)
    return commission
