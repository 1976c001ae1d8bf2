"""Giving money back, and taking editions back: by the house, by a curator, or by the buyer's bank."""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from generation import services as generation
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound, PermissionRefused
from marketplace.core.languages import kept
from marketplace.core.machine import NotNow
from marketplace.listings.models import Edition, EditionState
from marketplace.orders.errors import NotYours
from marketplace.orders.models import ORDER, Acquisition, Order, OrderState, Ownership
from marketplace.orders.services.owning import take_back
from marketplace.orders.services.reserving import give_back
from marketplace.orders.services.steps import locked, move
from marketplace.orders.services.telling import tell_refunded
from payments import services as payments
from payments.errors import PaymentDisputed, RefundTooLarge
from payments.models import Dispute, DisputeState, Refund, RefundState

log = structlog.get_logger(__name__)
REBATE = "rebate"  # names what goes back though the order goes on; all others give everything back
LONGEST = 300  # characters of a reason


def give_money_back(order: Order, name: str, reason: str) -> None:
    """Take the arrow `name` to refunding, and ask for all of the money to be given back; the order is locked.

    What the buyer's bank withholds just now waits in refunding until the bank has decided (`hear_the_bank`).
    """
    order.reason = reason[:LONGEST]
    order.paid_at = order.paid_at or timezone.now()
    move(order, name)
    try:
        _ask_for_all(order, name)
    except PaymentDisputed:
        log.info("order.refund_waits_for_the_bank", order=str(order.pk))


def _ask_for_all(order: Order, why: str, asked_by: User | None = None) -> None:
    """All that is left of the money goes back; with nothing left it is all back already. Raises PaymentDisputed."""
    try:
        payments.request_refund(
            payment_id=order.payment_id, amount=None, reason=order.reason, reference=f"order:{order.pk}:{why}",
            asked_by=asked_by,
        )  # fmt: skip
    except RefundTooLarge:
        move(order, "refunded")
        tell_refunded(order)


@transaction.atomic
def refund(*, order_id: UUID, by: User, reason: str) -> Order:
    """A curator undoes a sale: the edition goes back to where it came from, and all money to the buyer.

    Undoing twice is undoing once. Raises PermissionRefused, NotFound, NotNow, PaymentDisputed, and NotYours where the
    buyer has sold the edition or given it away since, or is just selling it.
    """
    _require_curator(by)
    order = locked(pk=order_id)
    if order is None:
        raise NotFound(gettext("There is no such order."))
    if order.state in {OrderState.REFUNDING, OrderState.REFUNDED}:
        return order
    if order.state != OrderState.OWNED:
        raise NotNow(
            gettext("The order is %(get_state_display)s.") % {"get_state_display": order.get_state_display().lower()},
            state=order.state,
        )
    if not _take_edition_back(order, f"refund:{order.pk}", even_while_sold=False):
        raise NotYours(gettext("The buyer has sold the edition or given it away since, or is just doing so."))
    order.reason = reason[:LONGEST]
    move(order, "refund")
    _ask_for_all(order, "refund", by)
    return order


def _live_refunds(order: Order) -> QuerySet[Refund]:
    """Refunds of everything that have not failed."""
    mine = order.payment.refunds.filter(reference__startswith=f"order:{order.pk}:")
    return mine.exclude(reference__startswith=f"order:{order.pk}:{REBATE}").exclude(state=RefundState.FAILED)


def _require_curator(by: User) -> None:
    """Raises PermissionRefused."""
    if not (by.is_staff or by.is_curator):
        raise PermissionRefused(gettext("Only curators refund orders."))


@transaction.atomic
def finish_refund(*, refund_id: UUID) -> None:
    """The money is back with its buyer."""
    given = Refund.objects.filter(pk=refund_id, state__in=Refund.GIVEN).first()
    order = locked(payment_id=given.payment_id) if given else None
    if given is None or order is None or order.state != OrderState.REFUNDING:
        return
    if _live_refunds(order).filter(pk=given.pk).exists():
        move(order, "refunded")
        tell_refunded(order)


@transaction.atomic
def hear_the_bank(*, dispute_id: UUID) -> None:
    """The buyer's bank has decided. It took the money back for good: so goes the edition, if the buyer still has it.

    It gave it back to the house: what had to wait for that to be refunded is refunded now.
    """
    dispute = Dispute.objects.filter(pk=dispute_id, closed_at__isnull=False).first()
    order = locked(payment_id=dispute.payment_id) if dispute else None
    if dispute is None or order is None:
        return
    if dispute.state == DisputeState.LOST:
        _reverse(order)
    elif order.state == OrderState.REFUNDING and not _live_refunds(order).exists():
        _ask_for_all(order, f"after:{dispute.pk}")


def _reverse(order: Order) -> None:
    if not ORDER.allows("reverse", order.state):
        return
    was, order.reason = order.state, kept("Your bank took the payment back.")
    move(order, "reverse")
    if was == OrderState.REFUNDING:
        return  # the edition went back when the order failed
    if was == OrderState.OWNED:
        _take_edition_back(order, f"reversal:{order.pk}", even_while_sold=True)
        return
    if order.job is not None:
        generation.cancel_job(job_id=order.job.pk)
    give_back(order.edition_id)


@transaction.atomic
def revoke_ownership(*, source: str, because: str) -> bool:
    """What was handed over by `source` is its artist's again; False where its owner has sold it or given it away."""
    edition_id = Ownership.objects.filter(source=source).values_list("edition_id", flat=True).first()
    edition = _locked_edition(edition_id) if edition_id else None
    if edition is None or not Ownership.objects.filter(edition=edition, source=source).exists():
        return False
    is_being_sold = edition.state == EditionState.RESERVED
    take_back(edition=edition, source=because, to=None, licence=None)
    if is_being_sold:
        Edition.objects.filter(pk=edition.pk).update(state=EditionState.RESERVED)
    return True


def _locked_edition(edition_id: UUID) -> Edition:
    return Edition.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "release__artist__user", "release__artwork", "made"
    ).get(pk=edition_id)  # fmt: skip


def _take_edition_back(order: Order, source: str, *, even_while_sold: bool) -> bool:
    """Undo the handing over, if its buyer still has what they bought; and whether they did."""
    edition = _locked_edition(order.edition_id)
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
