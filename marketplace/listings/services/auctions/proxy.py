"""Bidding by proxy: what a new bid makes of how an auction stands. Pure arithmetic.

Each bidder names the most they would pay. The highest leads, the earlier of two equals; the price is the least at
which the leader beats the second, and at least the reserve once the leader's most reaches it (as eBay and Artsy do it:
https://www.ebay.com/help/buying/bidding/automatic-bidding?id=4014).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

Increment = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Terms:
    """Where bidding starts, and below what nothing is sold (0: no reserve); minor units."""

    start: int
    reserve: int
    increment: Increment


@dataclass(frozen=True, slots=True)
class Standing:
    """Who leads with which most, and the price."""

    bidder: UUID
    most: int
    price: int


def least_bid(terms: Terms, standing: Standing | None, bidder: UUID) -> int:
    """The least `most` that this bidder may name now."""
    if standing is None:
        return terms.start
    if standing.bidder == bidder:
        return standing.most + 1  # one's own most may be raised by any amount
    return standing.price + terms.increment(standing.price)


def after(terms: Terms, standing: Standing | None, bidder: UUID, most: int) -> Standing:
    """How the auction stands after a bid that is high enough (see `least_bid`)."""
    if standing is None:
        return Standing(bidder, most, _at_least_reserve(terms, most, terms.start))
    if standing.bidder == bidder:
        return Standing(bidder, most, _at_least_reserve(terms, most, standing.price))
    if most > standing.most:
        price = min(most, standing.most + terms.increment(standing.most))
        return Standing(bidder, most, _at_least_reserve(terms, most, price))
    price = min(standing.most, most + terms.increment(most))
    return Standing(standing.bidder, standing.most, max(price, standing.price))


def _at_least_reserve(terms: Terms, most: int, price: int) -> int:
    """The house bids up to the reserve for whoever would pay it."""
    return max(price, terms.reserve) if most >= terms.reserve else price
