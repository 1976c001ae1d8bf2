"""How each step of an order begins and ends: the order locked first, then moved, and its watchers told."""

from typing import Any

from marketplace.core import notify, outbox
from marketplace.orders.models import ORDER, Order

CHANNEL = "order"
# What every step looks at; the rest is read where it is needed. All of it in one statement were seventeen joins, which
# PostgreSQL planned for more than a hundred times as long as it took to run them.
_NEEDED = ("payment", "sale")


def locked(**which: Any) -> Order | None:
    """The order, locked: always the first lock that this room takes."""
    return Order.objects.select_for_update(of=("self",), no_key=True).select_related(*_NEEDED).filter(**which).first()


def move(order: Order, name: str) -> Order:
    """Take one arrow of ORDER, save, and tell who watches. Raises NotNow."""
    ORDER.move(order, name)
    order.save()
    notify.publish(CHANNEL, str(order.pk))
    if order.is_awarded:
        outbox.emit("award.order_moved", order.pk)
    return order
