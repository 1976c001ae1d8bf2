"""How each step of an order begins and ends: the order locked first, then moved, and its watchers told."""

from typing import Any

from marketplace.core import notify, outbox
from marketplace.orders.models import ORDER, Order

CHANNEL = "order"
_NEEDED = (
    "buyer", "seller", "payment", "licence", "job", "sale__release__artist", "sale__edition", "edition__made",
    "edition__release__artist__user", "edition__release__artwork", "edition__release__trained_model__artist",
)  # fmt: skip


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
