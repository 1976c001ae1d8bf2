"""Giving money back, and taking editions back: by the house, by a curator, or by the buyer's bank."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from generation import services as generation
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound, PermissionRefused
from marketplace.core.machine import NotNow
from marketplace.listings.models import Edition, EditionState
from marketplace.orders.errors import NotYours
from marketplace.orders.models import Acquisition, Order, OrderState, Ownership
from marketplace.orders.services.owning import take_back
from marketplace.orders.services.reserving import give_back
from marketplace.orders.services.steps import locked, move
from marketplace.orders.services.telling import tell_refunded
from payments import services as payments
from payments.models import Dispute, DisputeState, Refund, RefundState

WHOLE = ("pay_too_late", "fail", "refund")  # what gives all of the money back; a rebate does not end an order
LONGEST = 300  # characters of a reason


def give_money_back(order: Order, name: str, reason: str, asked_by: User | None = None) -> None:
    """Take the arrow `name` to refunding, and ask for all of the money to be given back; the order is locked."""
    order.reason = reason[:LONGEST]
    order.paid_at = order.paid_at or timezone.now()
    move(order, name)
    payments.request_refund(
        payment_id=order.payment_id,
        amount=None,
        reason=order.reason,
        reference=f"order:{order.pk}:{name}",
        asked_by=asked_by,
    )


@transaction.atomic
def refund(*, order_id: UUID, by: User, reason: str) -> Order:
    """A curator undoes a sale: the edition goes back to where it came from, and all money to the buyer.

    Undoing twice is undoing once. Raises PermissionRefused, NotFound, NotNow, and NotYours where the buyer has sold
    the edition or given it away since, or is just selling it.
    """
    if not (by.is_staff or by.is_curator):
        raise PermissionRefused("Only curators refund orders.")
    order = locked(pk=order_id)
    if order is None:
        raise NotFound("There is no such order.")
    if order.state in {OrderState.REFUNDING, OrderState.REFUNDED}:
        return order
    if order.state != OrderState.OWNED:
        raise NotNow(f"The order is {order.get_state_display().lower()}.", state=order.state)
    if not _take_edition_back(order, f"refund:{order.pk}", even_while_sold=False):
        raise NotYours("The buyer has sold the edition or given it away since, or is just doing so.")
    give_money_back(order, "refund", reason, asked_by=by)
    return order


@transaction.atomic
def finish_refund(*, refund_id: UUID) -> None:
    """The money is back with its buyer."""
    given = Refund.objects.filter(pk=refund_id, state=RefundState.SUCCEEDED).first()
    order = locked(payment_id=given.payment_id) if given else None
    if given is None or order is None or order.state != OrderState.REFUNDING:
        return
    if given.reference in {f"order:{order.pk}:{name}" for name in WHOLE}:
        move(order, "refunded")
        tell_refunded(order)


@transaction.atomic
def reverse(*, dispute_id: UUID) -> None:
    """The buyer's bank took the money back for good: so goes the edition, if the buyer still has it."""
    dispute = Dispute.objects.filter(pk=dispute_id, state=DisputeState.LOST).first()
    order = locked(payment_id=dispute.payment_id) if dispute else None
    if order is None or order.state not in {OrderState.PAID, OrderState.MAKING, OrderState.OWNED}:
        return
    was, order.reason = order.state, "Your bank took the payment back."
    move(order, "reverse")
    if was == OrderState.OWNED:
        _take_edition_back(order, f"reversal:{order.pk}", even_while_sold=True)
        return
    if order.job is not None:
        generation.cancel_job(job_id=order.job.pk)
    give_back(order.edition_id)


def _take_edition_back(order: Order, source: str, *, even_while_sold: bool) -> bool:
    """Undo the handing over, if its buyer still has what they bought; and whether they did."""
    edition = Edition.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "release__artist__user", "release__artwork", "made"
    ).get(pk=order.edition_id)  # fmt: skip
    owns = Ownership.objects.filter(edition=edition, owner=order.buyer_id, source=f"order:{order.pk}").exists()
    if not owns or (edition.state == EditionState.RESERVED and not even_while_sold):
        return False
    is_being_sold = edition.state == EditionState.RESERVED
    before = _before(order, edition)
    take_back(
        edition=edition, source=source, to=before.owner if before else None, licence=before.licence if before else None
    )
    if is_being_sold:  # whoever buys it now gets their money back when it turns out: it stays theirs to give back
        Edition.objects.filter(pk=edition.pk).update(state=EditionState.RESERVED)
    return True


def _before(order: Order, edition: Edition) -> Acquisition | None:
    """Of a resale: how its seller had come by the edition, and under which licence. None: it was the artist's."""
    if not order.sale.is_resale:
        return None
    steps = Acquisition.objects.filter(edition=edition, owner=order.seller_id).select_related("owner", "licence")
    return steps.order_by("-step").first()
