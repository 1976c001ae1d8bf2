"""What a card says of how its work can be bought, from the sales that are open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from marketplace.core.money import Money
from marketplace.listings.models import Sale, SaleKind
from marketplace.listings.selectors import left_of


@dataclass(frozen=True, slots=True)
class Offer:
    """How a work can be bought; `kind` is empty where it cannot be."""

    kind: str = ""
    prices: dict[str, int] = field(default_factory=dict)  # the least by currency, in minor units
    has_others: bool = False  # other licences, or other owners' prices
    is_bid: bool = False  # the price is what somebody bids
    left: int | None = None
    opens_at: datetime | None = None
    ends_at: datetime | None = None
    licences: tuple[str, ...] = ()

    @property
    def price(self) -> int | None:
        """The least price in the house's currency."""
        return self.prices.get(settings.ATELIER.currency)

    @property
    def money(self) -> Money | None:
        """The price that is shown: in the house's currency where it has one, else in its first one."""
        if not self.prices:
            return None
        currency = settings.ATELIER.currency
        code = currency if currency in self.prices else min(self.prices)
        return Money(self.prices[code], code)

    def as_shown(self) -> dict[str, Any] | None:
        """What API and pages say of it; None: not for sale."""
        if not self.kind or self.money is None:
            return None
        return {
            "kind": self.kind, "amount": self.money.amount, "currency": self.money.currency, "prices": self.prices,
            "has_others": self.has_others, "is_bid": self.is_bid, "editions_left": self.left,
            "opens_at": self.opens_at.isoformat() if self.opens_at else None,
            "ends_at": self.ends_at.isoformat() if self.ends_at else None, "licences": list(self.licences),
        }  # fmt: skip


def offer_of(sales: Sequence[Sale]) -> Offer:
    """What a card says of these open sales of one work: the cheapest in the house's currency stands for all."""
    asked = [(sale, money, licence) for sale in sales for money, licence in _asked(sale)]
    if not asked:
        return Offer()
    prices: dict[str, int] = {}
    for _, money, _ in asked:
        prices[money.currency] = min(money.amount, prices.get(money.currency, money.amount))
    currency = settings.ATELIER.currency if settings.ATELIER.currency in prices else min(prices)
    chosen = next(sale for sale, money, _ in asked if money == Money(prices[currency], currency))
    now = timezone.now()
    opens_at = chosen.opens_at if chosen.opens_at and chosen.opens_at > now else None
    return Offer(
        kind=chosen.kind, prices=dict(sorted(prices.items())), left=left_of(chosen), opens_at=opens_at,
        has_others=sum(money.currency == currency for _, money, _ in asked) > 1,
        is_bid=chosen.kind == SaleKind.ENGLISH and chosen.auction.price is not None,
        ends_at=min((sale.closes_at for sale in sales if sale.closes_at), default=None),
        licences=tuple(sorted({licence for _, _, licence in asked})),
    )  # fmt: skip


def _asked(sale: Sale) -> list[tuple[Money, str]]:
    """What one sale asks just now, with the licence that comes with it; nothing while nothing is left."""
    if left_of(sale) == 0:
        return []
    if sale.kind == SaleKind.ENGLISH and hasattr(sale, "auction"):
        return [(sale.auction.price or sale.auction.start, sale.auction.licence_id)]
    if sale.kind == SaleKind.DUTCH and hasattr(sale, "falling"):
        falling = sale.falling
        return [(falling.price_at(timezone.now()) if sale.opens_at else falling.first, falling.licence_id)]
    return [(price.money, price.licence_id) for price in sale.prices.all()]
