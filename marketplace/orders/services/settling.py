"""From a payment that is taken to an edition that is owned, made, or no longer to be had."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core.languages import kept
from marketplace.listings.errors import LimitReached
from marketplace.listings.models import Sale, SaleState
from marketplace.orders.errors import SoldOut
from marketplace.orders.models import Order, OrderState
from marketplace.orders.services.delivering import deliver
from marketplace.orders.services.placing import next_place
from marketplace.orders.services.reserving import reserve_for, take_free
from marketplace.orders.services.returning import give_money_back
from marketplace.orders.services.steps import locked, move
from marketplace.orders.services.telling import tell_paid
from payments.models import Payment


@transaction.atomic
def settle(*, payment_id: UUID) -> None:
    """The money is there: the edition is the buyer's, or is made for them. Settling twice is settling once.

    What is paid after its reservation ended still gets an edition where one is to be had, else all of it back.
    """
    order = locked(payment_id=payment_id)
    if order is None or order.payment.state != Payment.State.CAPTURED:
        return
    if order.state == OrderState.RESERVED:
        order.paid_at = timezone.now()
        move(order, "pay")
    elif order.state in {OrderState.LAPSED, OrderState.CANCELLED}:
        if not _take_again(order):
            give_money_back(
                order, "pay_too_late", kept("It was paid after the reservation had ended, and is sold out.")
            )
            return
    else:
        return
    tell_paid(order)
    deliver(order)


def _take_again(order: Order) -> bool:
    """Reserve once more what was paid late: the same edition, or another of the release; and whether that worked."""
    try:
        with transaction.atomic():
            if not _is_still_sold(order.sale):
                return False
            order.place = next_place(order.sale, order.buyer)
            if order.sale.is_resale or not take_free(order.edition_id):
                order.edition_id = reserve_for(order.sale)
            order.paid_at, order.reason = timezone.now(), ""
            move(order, "pay_late")
    except (SoldOut, LimitReached, IntegrityError):
        order.refresh_from_db(fields=["state", "edition", "place", "paid_at", "reason"])
        return False
    return True


def _is_still_sold(sale: Sale) -> bool:
    """A sale that was cancelled sells nothing any more, nor does one whose edition is on offer elsewhere by now."""
    if sale.state == SaleState.CANCELLED:
        return False
    others = Sale.objects.filter(edition=sale.edition_id, state__in=[SaleState.OPEN, SaleState.PAUSED])
    return sale.edition_id is None or not others.exclude(pk=sale.pk).exists()
