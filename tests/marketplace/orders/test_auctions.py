"""English auctions from the first bid to the owner: the highest wins, pays by saved card, or the next one is asked."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import PermissionRefused
from marketplace.core.money import Money
from marketplace.listings import selectors
from marketplace.listings import services as listings
from marketplace.listings.errors import BidsStand, BidTooLow, CardNeeded, NotForSale, OwnWork, SaleEnded
from marketplace.listings.models import Auction, Award, Bid, Sale
from marketplace.orders import services
from marketplace.orders.models import Order, Ownership
from marketplace.orders.tasks import close_auctions, lapse_reservations
from tests.marketplace.orders.bidding import hours_pass, open_auction, save_card
from tests.marketplace.orders.market import Settle, again, order, too_late
from tests.payments.provider import Provider

WANTS_OWNER = "pm_card_authenticationRequired"


@pytest.fixture
def auction(artist: Artist) -> Auction:
    return open_auction(artist)


@pytest.fixture
def bidders(make_user: Callable[..., User], provider: Provider) -> list[User]:
    return [save_card(make_user(), provider) for _ in range(3)]


def bid(auction: Auction, bidder: User, most: int) -> Bid:
    return listings.place_bid(bidder=bidder, sale_id=auction.sale_id, most_amount=most)


def stands(auction: Auction) -> tuple[User | None, int | None]:
    auction.refresh_from_db()
    return (auction.leader.bidder if auction.leader else None, auction.price_amount)


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_the_highest_bid_wins_and_pays_what_beats_the_second(
    auction: Auction, bidders: list[User], settle: Settle, provider: Provider
) -> None:
    first, second, _ = bidders
    bid(auction, first, 50_000)
    bid(auction, second, 30_000)
    assert stands(auction) == (first, 31_000)
    assert told(second) == []
    hours_pass(auction.sale, 25)
    close_auctions()
    close_auctions()
    settle()
    bought = Order.objects.get()
    assert (bought.buyer, bought.price_amount, again(bought).state) == (first, 31_000, "owned")
    assert Ownership.objects.get().owner == first
    assert [charge["amount"] for charge in provider.http.get("/v1/charges").json()["data"]] == [31_000]
    assert (Award.objects.get().state, Sale.objects.get().state) == ("bought", "ended")
    assert "auction.won" in told(first)


def test_who_is_outbid_hears_of_it_once(auction: Auction, bidders: list[User]) -> None:
    first, second, _ = bidders
    bid(auction, first, 20_000)
    bid(auction, second, 40_000)
    assert stands(auction) == (second, 21_000)
    assert told(first) == ["bid.outbid"]


def test_bidders_are_numbered_by_their_first_bid_however_few_bids_are_shown(
    auction: Auction, bidders: list[User]
) -> None:
    for bidder, most in zip([*bidders, bidders[1]], [10_000, 20_000, 30_000, 40_000], strict=True):
        bid(auction, bidder, most)
    auction.refresh_from_db()
    stand = selectors.stand_of(auction, bidders[2], shown=2)
    assert [(one.number, one.is_yours) for one in stand.bids] == [(2, False), (3, True)]
    assert (stand.is_leading, stand.your_most) == (False, Money(30_000, "eur"))


def test_a_bid_must_be_high_enough_and_by_somebody_who_can_pay(
    auction: Auction, bidders: list[User], make_user: Callable[..., User], artist: Artist, provider: Provider
) -> None:
    with pytest.raises(BidTooLow) as caught:
        bid(auction, bidders[0], 9_999)
    assert caught.value.data["least"] == 10_000
    bid(auction, bidders[0], 10_000)
    with pytest.raises(BidTooLow) as caught:
        bid(auction, bidders[1], 10_999)
    assert caught.value.data["least"] == 11_000
    with pytest.raises(CardNeeded):
        bid(auction, make_user(), 90_000)
    with pytest.raises(OwnWork):
        bid(auction, save_card(artist.user, provider), 90_000)
    with pytest.raises(NotForSale):
        order(auction.sale, bidders[1])
    assert Bid.objects.count() == 1


def test_the_same_request_bids_once(auction: Auction, bidders: list[User]) -> None:
    bids = [
        listings.place_bid(bidder=bidders[0], sale_id=auction.sale_id, most_amount=20_000, request_key="k")
        for _ in range(2)
    ]
    assert bids[0] == bids[1]


def test_a_late_bid_moves_the_close_and_one_that_is_too_late_does_not_count(
    auction: Auction, bidders: list[User]
) -> None:
    hours_pass(auction.sale, 23.9)
    bid(auction, bidders[0], 20_000)
    auction.sale.refresh_from_db()
    assert auction.sale.closes_at is not None
    assert timedelta(minutes=14) < auction.sale.closes_at - timezone.now() < timedelta(minutes=16)
    hours_pass(auction.sale, 0.3)
    with pytest.raises(SaleEnded):
        bid(auction, bidders[1], 90_000)


def test_below_the_reserve_nothing_is_sold(artist: Artist, bidders: list[User], settle: Settle) -> None:
    auction = open_auction(artist, reserve_amount=50_000)
    bid(auction, bidders[0], 49_000)
    hours_pass(auction.sale, 25)
    close_auctions()
    settle()
    assert not Order.objects.exists()
    assert told(artist.user)[-1] == "auction.ended"
    assert auction.sale.edition is not None
    auction.sale.edition.refresh_from_db()
    assert auction.sale.edition.state == "free"


def test_who_does_not_pay_loses_it_to_the_next(
    auction: Auction, bidders: list[User], make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    careful = save_card(make_user(), provider, WANTS_OWNER)
    bid(auction, bidders[0], 20_000)
    bid(auction, bidders[1], 30_000)
    bid(auction, careful, 90_000)
    hours_pass(auction.sale, 25)
    close_auctions()
    settle()
    unpaid = Order.objects.get()
    assert (unpaid.buyer, unpaid.state, told(careful).count("auction.won")) == (careful, "reserved", 2)
    too_late(unpaid)
    lapse_reservations()
    settle()
    won = Order.objects.exclude(pk=unpaid.pk).get()
    assert (won.buyer, won.price_amount, again(won).state) == (bidders[1], 21_000, "owned")
    assert [award.state for award in Award.objects.order_by("pk")] == ["defaulted", "bought"]


def test_a_curator_strikes_a_bid_out_and_the_others_stand_as_if_it_never_was(
    auction: Auction, bidders: list[User], make_user: Callable[..., User]
) -> None:
    for bidder, most in zip(bidders, (20_000, 30_000, 99_000), strict=True):
        last = bid(auction, bidder, most)
    with pytest.raises(PermissionRefused):
        listings.strike_bid(curator=bidders[0], bid_id=last.pk, because="I want it.")
    listings.strike_bid(curator=make_user(is_superuser=True), bid_id=last.pk, because="The account was stolen.")
    assert stands(auction) == (bidders[1], 21_000)
    assert told(bidders[2]) == ["bid.struck"]


def test_once_somebody_has_bid_the_seller_cannot_call_it_off(
    auction: Auction, bidders: list[User], artist: Artist, make_user: Callable[..., User]
) -> None:
    bid(auction, bidders[0], 20_000)
    for act in (listings.pause_sale, lambda **which: listings.cancel_sale(by=which.pop("seller"), **which)):
        with pytest.raises(BidsStand):
            act(seller=artist.user, sale_id=auction.sale_id)
    listings.cancel_sale(by=make_user(is_superuser=True), sale_id=auction.sale_id)
    close_auctions()
    assert not Order.objects.exists()


def test_of_many_bids_at_once_the_highest_leads(
    auction: Auction, make_user: Callable[..., User], provider: Provider
) -> None:
    people = [save_card(make_user(), provider) for _ in range(12)]
    mosts = [10_000 + 3_000 * number for number in range(12)]

    def race(pair: tuple[User, int]) -> str:
        try:
            bid(auction, *pair)
        except BidTooLow:
            return "too low"
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(race, zip(people, mosts, strict=True)))
    leader, price = stands(auction)
    assert leader == people[-1]
    assert outcomes[-1] == "taken"
    assert price is not None
    assert max(row.most_amount for row in Bid.objects.exclude(bidder=people[-1])) <= price <= mosts[-1]


def test_closing_twice_at_once_awards_once(auction: Auction, bidders: list[User], settle: Settle) -> None:
    bid(auction, bidders[0], 20_000)
    hours_pass(auction.sale, 25)

    def close(_: int) -> None:
        try:
            services.close_auction(sale_id=auction.sale_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(close, range(4)))
    settle()
    assert (Award.objects.count(), Order.objects.count()) == (1, 1)
