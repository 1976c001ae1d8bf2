"""Bidding in an English auction. The sale's row is the lock: bids come one after the other, each at its time.

The time is the database's, read once the lock is held: a bid that had to wait past the close came too late.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.accounts.services import notify
from marketplace.core import notify as nudging
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.money import Money
from marketplace.listings.errors import BidTooLow, CardNeeded, NotForSale
from marketplace.listings.models import Auction, Bid, Sale, SaleKind
from marketplace.listings.selectors.buying import buyable
from marketplace.listings.services.auctions.increments import increment
from marketplace.listings.services.auctions.proxy import Standing, Terms, after, least_bid
from marketplace.listings.services.selling import check_amount
from payments.models import SavedCard

log = structlog.get_logger(__name__)
NOBODY = UUID(int=0)
CHANNEL = "auction"  # told with the sale's id whenever an auction stands otherwise


@transaction.atomic
def place_bid(*, bidder: User, sale_id: UUID, most_amount: int, request_key: str | None = None) -> Bid:
    """Bid up to `most_amount` minor units for `bidder`; the same `request_key` gives the same bid.

    A bid in the last minutes moves the close. Raises NotFound, NotForSale, NotOpenYet, SaleEnded, OwnWork,
    NotOnTheList, CardNeeded, BidTooLow (with `least`), InvalidInput.
    """
    if request_key and (known := Bid.objects.filter(request_key=request_key).first()):
        return known
    if not SavedCard.objects.filter(customer__user=bidder).exists():
        raise CardNeeded()
    auction = locked_auction(sale_id)
    now = database_now()
    buyable(auction.sale, bidder, now)
    check_amount(most_amount, auction.currency, "most_amount")
    terms, standing = terms_of(auction), standing_of(auction)
    least = least_bid(terms, standing, bidder.pk)
    if most_amount < least:
        told = str(Money(least, auction.currency))
        raise BidTooLow(
            gettext("The least that you can bid now is %(told)s.") % {"told": told},
            least=least,
            errors={"most_amount": [told]},
        )
    return _write(auction, bidder, after(terms, standing, bidder.pk, most_amount), most_amount, now, request_key)


@transaction.atomic
def strike_bid(*, curator: User, bid_id: UUID, because: str) -> Auction:
    """Undo a bid that was a mistake or a fraud, while bidding goes on; the others' bids count as if it never was.

    Raises PermissionRefused, NotFound, NotForSale, InvalidInput.
    """
    if not curator.is_curator:
        raise PermissionRefused(gettext("Only curators strike bids out."))
    if not because.strip():
        raise InvalidInput(gettext("Say why."), errors={"because": [gettext("This is required.")]})
    sale_id = Bid.objects.filter(pk=bid_id).values_list("auction__sale_id", flat=True).first()
    if sale_id is None:
        raise NotFound(gettext("There is no such bid."))
    auction = locked_auction(sale_id)
    if auction.sale.state not in {Sale.State.OPEN, Sale.State.PAUSED}:
        raise NotForSale(gettext("The auction is over."))
    bid = auction.bids.select_related("bidder").get(pk=bid_id)
    strike(auction, Bid.objects.filter(pk=bid_id), because)
    notify(
        person=bid.bidder, kind="bid.struck", key=str(bid.pk), title=_("A bid of yours was struck out"),
        body=f"{auction.sale.what}: {because}", link=f"/sales/{auction.sale_id}/",
    )  # fmt: skip
    return auction


def strike(auction: Auction, bids: QuerySet[Bid], because: str) -> None:
    """Let bids of a locked auction count no more, and reckon anew from those that are left."""
    bids.filter(struck_at=None).update(struck_at=timezone.now(), struck_because=because[:200])
    terms, standing, leader = terms_of(auction), None, None
    for bid in auction.bids.filter(struck_at=None).order_by("id"):
        standing = after(terms, standing, bid.bidder_id, bid.most_amount)
        if standing.bidder == bid.bidder_id:
            leader = bid
    auction.leader = leader
    auction.price_amount = standing.price if standing else None
    auction.save(update_fields=["leader", "price_amount", "updated_at"])
    nudging.publish(CHANNEL, str(auction.sale_id))


def locked_auction(sale_id: UUID) -> Auction:
    """The auction, its sale locked until the transaction ends. Raises NotFound."""
    sale = Sale.objects.with_what_is_sold().select_for_update(of=("self",), no_key=True).filter(pk=sale_id).first()
    if sale is None or sale.kind != SaleKind.ENGLISH or sale.state == Sale.State.DRAFT:
        raise NotFound(gettext("There is no such auction."))
    auction = Auction.objects.select_related("leader__bidder").get(sale=sale)
    auction.sale = sale
    return auction


def database_now() -> datetime:
    """The database's time at this moment, not at the transaction's beginning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def least_for(auction: Auction, bidder: User | None) -> int:
    """The least that somebody can bid now, minor units; for whoever leads, more than their own most."""
    return least_bid(terms_of(auction), standing_of(auction), bidder.pk if bidder else NOBODY)


def terms_of(auction: Auction) -> Terms:
    """What bidding goes by."""
    return Terms(
        start=auction.start_amount,
        reserve=auction.reserve_amount or 0,
        increment=lambda price: increment(price, auction.currency),
    )


def standing_of(auction: Auction) -> Standing | None:
    """How it stands; None before the first bid."""
    if auction.leader is None or auction.price_amount is None:
        return None
    return Standing(auction.leader.bidder_id, auction.leader.most_amount, auction.price_amount)


def _write(auction: Auction, bidder: User, stands: Standing, most: int, now: datetime, request_key: str | None) -> Bid:
    before = auction.leader
    leads = stands.bidder == bidder.pk
    bid = Bid.objects.create(
        auction=auction,
        bidder=bidder,
        most_amount=most,
        price_amount=stands.price,
        leads=leads,
        request_key=request_key,
    )
    if leads:
        auction.leader = bid
    auction.price_amount = stands.price
    auction.save(update_fields=["leader", "price_amount", "updated_at"])
    _extend(auction, now)
    if leads and before is not None and before.bidder_id != bidder.pk:
        _tell_outbid(auction, before, bid)
    outbox.emit("bid.placed", bid.pk)
    nudging.publish(CHANNEL, str(auction.sale_id))
    log.info("bid.placed", sale=str(auction.sale_id), price=stands.price, leads=leads)
    return bid


def _extend(auction: Auction, now: datetime) -> None:
    """Whoever bids at the last moment gives the others time to answer."""
    sale, least = auction.sale, now + timedelta(seconds=auction.extension_seconds)
    if sale.closes_at is not None and sale.closes_at < least:
        sale.closes_at = least
        sale.save(update_fields=["closes_at", "updated_at"])


def _tell_outbid(auction: Auction, lost: Bid, bid: Bid) -> None:
    price = Money(bid.price_amount, auction.currency)
    notify(
        person=lost.bidder,
        kind="bid.outbid",
        key=str(bid.pk),
        title=format_lazy(_("You were outbid on {what}"), what=auction.sale.what),
        body=format_lazy(_("It stands at {price}. You can still bid more."), price=price),
        link=f"/sales/{auction.sale_id}/",
    )
