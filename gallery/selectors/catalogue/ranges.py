"""A range of prices in one currency: as it is asked for, as PostgreSQL reads it, and as people do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.selectors.catalogue import facets
from marketplace.core.money import Money

NAMES = ("price_from", "price_to", "price_currency")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,3})?", re.ASCII)
_CURRENCY = re.compile(r"[a-z]{3}")


def currencies() -> list[str]:
    """In which one may ask: those that the house sells in, its own first."""
    own = settings.ATELIER.currency
    return [own, *sorted(set(settings.ATELIER.currencies) - {own})]


@dataclass(frozen=True, slots=True)
class Range:
    """Prices in minor units of a currency, both ends among them; None: no end."""

    currency: str
    low: int | None = None
    high: int | None = None

    @classmethod
    def parse(cls, given: Mapping[str, str], errors: dict[str, list[str]]) -> Self | None:
        """What a request's query says, or None where it names no amount; what is wrong goes into `errors`."""
        amounts = {name: given.get(name, "").strip() for name in NAMES[:2]}
        if not any(amounts.values()):
            return None
        currency = given.get("price_currency", "").lower()
        if currency not in currencies():
            errors["price_currency"] = [_("One of: %(known)s.") % {"known": ", ".join(currencies())}]
            return None
        low, high = (_minor(name, text, currency, errors) for name, text in amounts.items())
        if low is not None and high is not None and low > high:
            errors["price_to"] = [_("Not less than the lowest price.")]
        return cls(currency, low, high)

    @classmethod
    def kept(cls, query: Mapping[str, Sequence[str]]) -> Self | None:
        """As it was checked when a search was kept."""
        low, high, currency = ("".join(query.get(name, [])) for name in NAMES)
        if not _CURRENCY.fullmatch(currency):
            return None
        return cls(currency, *(_minor("", text, currency, {}) for text in (low, high)))

    @property
    def parameters(self) -> dict[str, str]:
        """As a request's parameters, each amount written in one way."""
        ends = {name: _written(end, self.currency) for name, end in zip(NAMES, (self.low, self.high), strict=False)}
        return {name: text for name, text in ends.items() if text} | {"price_currency": self.currency}

    @property
    def amount(self) -> str:
        """What a card costs in this currency, as SQL: in the house's own it has a column."""
        return "price" if self._is_own else self._asked

    @property
    def condition(self) -> tuple[str, list[Any]]:
        """What cards must be, with parameters; it is false, and not unknown, of those that have no such price."""
        between, ends = self._between(self._asked)
        return f"prices ? '{self.currency}' AND {between}", ends

    @property
    def bounds(self) -> tuple[str, list[Any]]:
        """The same as the orders of price have it in their indexes."""
        return self._between(self.amount)

    @property
    def names(self) -> list[str]:
        """Facets of which whatever lies in it has one: there are no more cards in it than these have."""
        if not self._is_own:
            return [facets.facet("currency", self.currency)]
        bands = facets.band_names()
        first = bands.index(facets.band_of(self._whole(self.low or 0)))
        last = len(bands) - 1 if self.high is None else bands.index(facets.band_of(self._whole(self.high)))
        return [facets.facet("price", band) for band in bands[first : last + 1]]

    def __str__(self) -> str:
        low, high = (None if end is None else Money(end, self.currency) for end in (self.low, self.high))
        if high is None:
            return _("%(least)s and more") % {"least": low}
        if low is None:
            return _("%(most)s at most") % {"most": high}
        return _("%(least)s to %(most)s") % {"least": low, "most": high}

    @property
    def _is_own(self) -> bool:
        return self.currency == settings.ATELIER.currency

    @property
    def _asked(self) -> str:
        return f"(prices ->> '{self.currency}')::bigint"

    def _between(self, column: str) -> tuple[str, list[Any]]:
        ends = [(f"{column} >= %s", self.low or 0), (f"{column} <= %s", self.high)]
        asked = [(sql, end) for sql, end in ends if end is not None]
        return " AND ".join(sql for sql, _end in asked), [end for _sql, end in asked]

    def _whole(self, minor: int) -> int:
        return int(Money(minor, self.currency).decimal)


def _minor(name: str, text: str, currency: str, errors: dict[str, list[str]]) -> int | None:
    if not text:
        return None
    decimals = Money(0, currency).decimals
    if not _AMOUNT.fullmatch(text) or len(text.partition(".")[2]) > decimals:
        errors[name] = [_("An amount such as %(example)s.") % {"example": "12.50" if decimals else "12"}]
        return None
    return int(Decimal(text).scaleb(decimals))


def _written(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    money = Money(minor, currency)
    whole = money.decimal.to_integral_value()
    return str(whole if whole == money.decimal else money.decimal)
