"""Chores of orders: reservations that nobody paid, and gifts that nobody took, come to their end."""

from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from django.db.models.functions import Now

from marketplace.core.errors import AtelierError
from marketplace.core.periodic import periodic
from marketplace.orders import selectors, services
from marketplace.orders.models import Order, OrderState

log = structlog.get_logger(__name__)
AT_ONCE = 100


@periodic(seconds=10)
def lapse_reservations() -> None:
    """Ask the provider about each that is overdue, then end it; those first that were not looked at for longest."""
    overdue = Order.objects.filter(state=OrderState.RESERVED, reserved_until__lte=Now())
    for order_id in list(overdue.order_by("updated_at").values_list("pk", flat=True)[:AT_ONCE]):
        # Looked at, whatever comes of it: one that always fails must not keep the others waiting.
        Order.objects.filter(pk=order_id).update(updated_at=Now())
        try:
            services.lapse(order_id=order_id)
        except AtelierError as error:
            log.warning("order.lapse_failed", order=str(order_id), error=error.detail)
            if error.transient:
                return


@periodic(seconds=5)
def close_auctions() -> None:
    """English auctions whose time is over are awarded."""
    _each(selectors.auctions_to_close(), lambda sale_id: services.close_auction(sale_id=sale_id))


@periodic(seconds=30)
def settle_dutch_auctions() -> None:
    """Dutch auctions that are over find their last price; who pays late is settled by it as well."""
    _each(selectors.fallings_to_settle(), lambda sale_id: services.settle_falling(sale_id=sale_id))
    _each(selectors.orders_to_settle(), lambda order_id: services.settle_order(order_id=order_id))


@periodic(seconds=600)
def lapse_gifts() -> None:
    """Give those that nobody accepted in time back to their owners."""
    services.lapse_gifts()


def _each(row_ids: Sequence[UUID], do: Callable[[UUID], object]) -> None:
    """One that cannot be done, as what a bank withholds cannot be given back, must not keep the others waiting."""
    for row_id in row_ids[:AT_ONCE]:
        try:
            do(row_id)
        except AtelierError as error:
            log.warning("order.chore_failed", row=str(row_id), code=error.code, error=error.detail)
