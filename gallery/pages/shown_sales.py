"""A sale as somebody sees it: what it is, what it costs, and whether they can buy just now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from generation.models import Artwork, TrainedModel
from marketplace.accounts.models import User
from marketplace.core.errors import AtelierError
from marketplace.core.money import Money, split
from marketplace.listings import selectors
from marketplace.listings.errors import NotOnTheList, NotOpenYet, OwnWork, SaleEnded
from marketplace.listings.models import Falling, Licence, Price, Sale, SaleKind, SaleState


@dataclass(frozen=True)
class LicenceShown:
    """A licence, and what an edition costs with it in each currency."""

    licence: Licence
    prices: list[Price]

    def __str__(self) -> str:
        return " · ".join(str(price.money) for price in self.prices)


@dataclass
class SaleShown:
    """What the card and the page of a sale say."""

    sale: Sale
    viewer: User | None

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def artwork(self) -> Artwork | None:
        """What is shown; of a series nothing is there yet."""
        return self.sale.edition.artwork if self.sale.edition else self.sale.issued.artwork

    @property
    def model(self) -> TrainedModel | None:
        return self.sale.issued.trained_model

    @property
    def is_auction(self) -> bool:
        return self.sale.kind == SaleKind.ENGLISH

    @cached_property
    def falling(self) -> Falling | None:
        """Of a Dutch auction: how its price falls."""
        return self.sale.falling if self.sale.kind == SaleKind.DUTCH else None

    @property
    def asked(self) -> Money | None:
        """What it costs at present, at least: at a price, as the bids stand, or as it fell so far."""
        if self.is_auction:
            return self.sale.auction.price or self.sale.auction.start
        return (self.price_now or self.falling.first) if self.falling else self.least

    @property
    def asked_words(self) -> str:
        """What stands before `asked`."""
        if self.is_auction:
            return gettext("bid") if self.sale.auction.price else gettext("bids from")
        if self.falling:
            return pgettext("before a price", "now") if self.price_now else pgettext("before a price", "from")
        return pgettext("before a price", "from") if len(self.licences) > 1 else ""

    @property
    def price_now(self) -> Money | None:
        return selectors.price_now(self.falling) if self.falling else None

    @property
    def falls_at(self) -> datetime | None:
        """When the price falls next."""
        return self.falling.falls_at(self.now) if self.falling and self.price_now else None

    @property
    def what(self) -> str:
        """One alone, an edition of 25, a timed edition, edition 3 of 25."""
        size = self.sale.issued.size
        if self.sale.edition is not None:
            return gettext("The only one") if size == 1 else _edition_words(self.sale.edition.number, size)
        if self.sale.issued.is_series:
            return (
                gettext("A series of %(size)s, each of its own") % {"size": f"{size:,}"}
                if size
                else gettext("A series, each of its own")
            )
        return (
            gettext("The only one")
            if size == 1
            else gettext("An edition of %(size)s") % {"size": f"{size:,}"}
            if size
            else gettext("A timed edition")
        )

    @cached_property
    def left(self) -> int | None:
        return selectors.left_of(self.sale)

    @cached_property
    def left_share(self) -> int:
        """Of a hundred, for a bar; nought where there is nothing to count."""
        size = self.sale.issued.size
        return round(100 * (self.left or 0) / size) if size and size > 1 and self.sale.edition is None else 0

    @cached_property
    def licences(self) -> list[LicenceShown]:
        """With their prices, the cheapest licence first; the house's own currency first in each."""
        by_licence: dict[str, list[Price]] = {}
        for price in self.sale.prices.all():
            by_licence.setdefault(price.licence_id, []).append(price)
        for prices in by_licence.values():
            prices.sort(key=lambda price: (price.currency != settings.ATELIER.currency, price.currency))
        shown = [LicenceShown(prices[0].licence, prices) for prices in by_licence.values()]
        return sorted(shown, key=lambda one: one.prices[0].amount)

    @property
    def has_one_price(self) -> bool:
        """Whether there is nothing to choose."""
        return [len(one.prices) for one in self.licences] == [1]

    @property
    def least(self) -> Money | None:
        """The lowest price, in the house's currency where there is one."""
        return self.licences[0].prices[0].money if self.licences else None

    @property
    def royalty(self) -> Money | None:
        """Of a resale: what the artist gets of the lowest price."""
        least, bps = self.least, self.sale.issued.royalty_bps
        if least is None or not self.sale.is_resale or not bps:
            return None
        return Money(split(least.amount, [bps, 10_000 - bps])[0], least.currency)

    @cached_property
    def refusal(self) -> AtelierError | None:
        """Why this person cannot buy at present; of a visitor it is asked as of a stranger."""
        try:
            if self.viewer is None:
                selectors.require_open(self.sale, self.now)
                if self.sale.allowlist_until is not None and self.now < self.sale.allowlist_until:
                    return NotOnTheList(until=self.sale.allowlist_until.isoformat())
            else:
                selectors.buyable(self.sale, self.viewer, self.now)
        except AtelierError as error:
            return error
        return SaleEnded(gettext("Sold out.")) if self.left == 0 else None

    @property
    def can_buy(self) -> bool:
        return self.refusal is None and not self.is_auction

    @property
    def is_own(self) -> bool:
        return isinstance(self.refusal, OwnWork) or (self.viewer is not None and self.viewer.pk == self.sale.seller_id)

    @property
    def takes_offers(self) -> bool:
        return self.sale.takes_offers and self.can_buy

    @property
    def opens_at(self) -> datetime | None:
        """Where this person waits for the opening: when that is."""
        if isinstance(self.refusal, NotOnTheList) and not self.sale.is_private:
            return self.sale.allowlist_until
        return self.sale.opens_at if isinstance(self.refusal, NotOpenYet) or self._is_to_come else None

    @property
    def _is_to_come(self) -> bool:
        return self.sale.state == SaleState.OPEN and self.sale.opens_at is not None and self.sale.opens_at > self.now

    @property
    def is_for_list(self) -> bool:
        """Whether it is open, but to those on its list alone, and not to this person."""
        return isinstance(self.refusal, NotOnTheList)

    @property
    def closes_at(self) -> datetime | None:
        """Where it is open, and by when it will be over."""
        return self.sale.closes_at if self.sale.is_open_at(self.now) else None


def shown(sales: "list[Sale]", viewer: User | None) -> Iterator[SaleShown]:
    """Each sale as this person sees it."""
    return (SaleShown(sale, viewer) for sale in sales)


def _edition_words(number: int, size: int | None) -> str:
    if size:
        return gettext("Edition %(number)s of %(size)s") % {"number": number, "size": size}
    return gettext("Edition %(number)s") % {"number": number}
