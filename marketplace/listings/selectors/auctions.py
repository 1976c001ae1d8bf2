"""Reading auctions: how they stand for whoever looks, and what a Dutch one costs by now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.listings.models import Auction, Bid, Falling, SaleState


@dataclass(frozen=True, slots=True)
class SeenBid:
    """A bid as everybody sees it: bidders are numbered by their first bid, and named to themselves alone."""

    number: int
    is_yours: bool
    price: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Stand:
    """How an English auction stands for one person."""

    price: Money | None
    bids: tuple[SeenBid, ...]  # newest first
    reserve: str  # "none", "met" or "not met"
    is_leading: bool
    your_most: Money | None


def auction_of(sale_id: UUID) -> Auction:
    """The English auction of a sale that is no draft. Raises NotFound."""
    auctions = Auction.objects.select_related("sale", "leader", "licence").exclude(sale__state=SaleState.DRAFT)
    auction = auctions.filter(sale=sale_id).first()
    if auction is None:
        raise NotFound(gettext("There is no such auction."))
    return auction


def falling_of(sale_id: UUID) -> Falling | None:
    """The Dutch terms of a sale, if it has any."""
    return Falling.objects.select_related("sale", "licence").filter(sale=sale_id).first()


def stand_of(auction: Auction, viewer: User | None, *, shown: int = 50) -> Stand:
    """How it stands, with the last `shown` bids that count."""
    standing = auction.bids.filter(struck_at=None)
    bids = standing.order_by("-pk").only("bidder_id", "price_amount", "created_at")[:shown]
    bidders = dict.fromkeys(standing.order_by("pk").values_list("bidder_id", flat=True))  # by their first bid
    numbers = {bidder: number for number, bidder in enumerate(bidders, 1)}
    me = viewer.pk if viewer else None
    mine = standing.filter(bidder=me).order_by("-most_amount").first() if me else None
    met = "met" if auction.is_reserve_met else "not met"
    return Stand(
        price=auction.price,
        bids=tuple(_seen(bid, numbers, me, auction) for bid in bids),
        reserve="none" if auction.reserve_amount is None else met,
        is_leading=auction.leader is not None and auction.leader.bidder_id == me,
        your_most=Money(mine.most_amount, auction.currency) if mine else None,
    )


def price_now(falling: Falling) -> Money | None:
    """What a Dutch auction asks at present; None before it opens and after it is over."""
    now = timezone.now()
    return falling.price_at(now) if falling.sale.is_open_at(now) else None


def _seen(bid: Bid, numbers: dict[UUID, int], me: UUID | None, auction: Auction) -> SeenBid:
    price = Money(bid.price_amount, auction.currency)
    return SeenBid(numbers[bid.bidder_id], bid.bidder_id == me, price, bid.created_at)
