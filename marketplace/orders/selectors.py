"""Reading orders, and who owns what."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.orders.models import Order, Ownership

_SHOWN = (
    "buyer", "seller", "payment", "licence", "job", "sale__release__artist", "sale__edition__release__artist",
    "edition__made", "edition__release__artist", "edition__release__artwork", "edition__release__trained_model",
)  # fmt: skip


def collection_of(owner: User) -> QuerySet[Ownership]:
    """What a collector owns, newest first."""
    return (
        Ownership.objects.filter(owner=owner)
        .select_related(
            "edition__release__artwork__style_artist",
            "edition__release__artwork__artist",
            "edition__made__artist",
            "edition__made__style_artist",
            "licence",
        )
        .prefetch_related("edition__release__artwork__files", "edition__made__files")
        .order_by("-pk")
    )


def orders_of(buyer: User) -> QuerySet[Order]:
    """What somebody bought or reserved, newest first, with what is shown of it."""
    return Order.objects.filter(buyer=buyer).select_related(*_SHOWN).order_by("-pk")


def order_of(buyer: User, order_id: UUID) -> Order:
    """One order of this buyer. Raises NotFound, also for other people's."""
    order = orders_of(buyer).filter(pk=order_id).first()
    if order is None:
        raise NotFound("You have no such order.")
    return order


def paid_by(payment_ids: Collection[str]) -> list[str]:
    """Those of many payments that pay an order."""
    return [str(pk) for pk in Order.objects.filter(payment_id__in=payment_ids).values_list("payment_id", flat=True)]


def made_by(job_ids: Collection[str]) -> list[str]:
    """Those of many jobs that make an edition for an order."""
    return [str(pk) for pk in Order.objects.filter(job_id__in=job_ids).values_list("job_id", flat=True)]
