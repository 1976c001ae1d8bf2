"""Reading orders."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.listings.models import Falling, Sale, SaleKind, SaleState
from marketplace.orders.models import Order, OrderState

# Few joins: every further one makes PostgreSQL's planning several times as long, and this is asked at every step.
_SAID = ("payment", "edition__release__artist")
_PICTURED = (
    "edition__made__files", "edition__made__artist", "edition__release__artwork__files",
    "edition__release__artwork__artist", "edition__release__trained_model",
)  # fmt: skip


def orders_of(buyer: User) -> QuerySet[Order]:
    """What somebody bought or reserved, newest first, with what is said of it."""
    return Order.objects.filter(buyer=buyer).select_related(*_SAID).order_by("-pk")


def pictured_orders_of(buyer: User) -> QuerySet[Order]:
    """The same with what they look like."""
    return orders_of(buyer).prefetch_related(*_PICTURED)


def order_of(buyer: User, order_id: UUID) -> Order:
    """One order of this buyer. Raises NotFound, also for other people's."""
    order = orders_of(buyer).filter(pk=order_id).first()
    if order is None:
        raise NotFound(gettext("You have no such order."))
    return order


def orders_of_offers(offer_ids: Collection[UUID]) -> dict[UUID, Order]:
    """The orders that came of accepted offers, by the offers' ids."""
    keys = {f"offer:{offer_id}": offer_id for offer_id in offer_ids}
    return {keys[str(order.request_key)]: order for order in Order.objects.filter(request_key__in=keys)}


def paid_by(payment_ids: Collection[str]) -> list[str]:
    """Those of many payments that pay an order."""
    return [str(pk) for pk in Order.objects.filter(payment_id__in=payment_ids).values_list("payment_id", flat=True)]


def made_by(job_ids: Collection[str]) -> list[str]:
    """Those of many jobs that make an edition for an order."""
    return [str(pk) for pk in Order.objects.filter(job_id__in=job_ids).values_list("job_id", flat=True)]


def auctions_to_close() -> list[UUID]:
    """English auctions whose time is over by the database's clock, the longest first."""
    over = Sale.objects.filter(kind=SaleKind.ENGLISH, state__in=[SaleState.OPEN, SaleState.PAUSED])
    return list(over.filter(closes_at__lte=Now()).order_by("closes_at").values_list("pk", flat=True))


def fallings_to_settle() -> list[UUID]:
    """Dutch auctions that are over and whose last price is not known; nobody may still pay."""
    over = Falling.objects.filter(settled_at=None, sale__state__in=[SaleState.ENDED, SaleState.CANCELLED])
    reserved = Order.objects.filter(sale=OuterRef("sale"), state=OrderState.RESERVED)
    return list(over.filter(~Exists(reserved)).order_by("pk").values_list("sale_id", flat=True))


def orders_to_settle() -> list[UUID]:
    """Orders of settled Dutch auctions whose payment is still in escrow: paid late, or left when a process died."""
    waiting = Order.objects.filter(
        sale__falling__settled_at__isnull=False, sale__falling__rebates=True, payment__hold_seconds=None,
        state__in=[OrderState.PAID, OrderState.MAKING, OrderState.OWNED],
    )  # fmt: skip
    return list(waiting.order_by("pk").values_list("pk", flat=True))
