"""Auctions on pages: how one stands, bidding, and the forms that prepare one."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Auction, Bid, Falling, Sale
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.marketplace.orders.bidding import hours_pass, open_auction, open_falling, release_of, save_card
from tests.marketplace.orders.market import make_artist
from tests.payments.provider import Provider

SignedIn = Callable[[User], Client]


@pytest.fixture
def provider(transactional_db: None) -> Iterator[Provider]:
    provider = Provider()
    provider.reset()
    yield provider
    provider.http.close()


@pytest.fixture
def seller(provider: Provider, make_user: Callable[..., User]) -> Artist:
    return make_artist(make_user())


def test_a_bid_is_placed_and_the_page_says_how_it_stands(
    seller: Artist, make_user: Callable[..., User], provider: Provider, signed_in: SignedIn, client: Client
) -> None:
    auction = open_auction(seller, reserve_amount=15_000)
    at = f"/sales/{auction.sale_id}/"
    assert client.get(at)["Location"] == f"{at}auction/"
    assert "Nobody has bid yet" in read(client.get(f"{at}auction/")).html
    one, other = (save_card(make_user(), provider) for _ in range(2))
    low = signed_in(one).post(f"{at}bid/", {"most": "99.99", "request_key": "a"})
    assert "€100.00" in read(low, 422).html
    signed_in(one).post(f"{at}bid/", {"most": "120.00", "request_key": "b"})
    signed_in(one).post(f"{at}bid/", {"most": "120.00", "request_key": "b"})
    assert Bid.objects.count() == 1
    page = read(signed_in(one).get(f"{at}auction/")).html
    assert "You lead. The most you would pay is €120.00" in page
    assert "The reserve is not met" in page
    seen = read(signed_in(other).get(f"{at}auction/", headers={"HX-Request": "true"})).html
    assert "Bidder 1" in seen
    assert "€120.00" not in seen
    assert "€150.00" not in seen


def test_the_page_hears_only_what_is_new(
    seller: Artist, make_user: Callable[..., User], provider: Provider, signed_in: SignedIn, client: Client
) -> None:
    auction, bidder = open_auction(seller), signed_in(save_card(make_user(), provider))
    at = f"/sales/{auction.sale_id}/"

    def ask(seen: str) -> Any:
        return client.get(f"{at}auction/", {"seen": seen}, headers={"HX-Request": "true"})

    first = moment_of(client.get(f"{at}auction/"))
    assert ask(first).status_code == 204
    bidder.post(f"{at}bid/", {"most": "120.00", "request_key": "a"})
    told = ask(first)
    assert "Bidder 1" in read(told).html
    assert ask(moment_of(told)).status_code == 204
    hours_pass(auction.sale, 25)
    assert ask(moment_of(told)).headers["HX-Refresh"] == "true"


def moment_of(answer: object) -> str:
    """What the page will say that it has seen."""
    [stand] = [part for part in read(answer).all("section") if part.get("id") == "stand"]
    return str(json.loads(stand["hx-vals"])["seen"])


def test_without_a_card_one_is_led_to_save_one(seller: Artist, user: User, signed_in: SignedIn) -> None:
    auction = open_auction(seller)
    answer = signed_in(user).post(f"/sales/{auction.sale_id}/bid/", {"most": "120.00", "request_key": "a"})
    assert answer["Location"] == "/accounts/cards/"


def test_a_work_is_issued_and_its_auction_opened(seller: Artist, signed_in: SignedIn) -> None:
    work, artist = hanging.work(seller.user, title="Ink"), signed_in(seller.user)
    at = artist.post(f"/works/{work.pk}/auction/")["Location"]
    assert "Auction “Ink”" in read(artist.get(at)).html
    closes = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    asked = {"licence": "personal", "start_amount": "100", "reserve_amount": "50", "closes_at": closes}
    assert "Not below the start" in read(artist.post(at, asked), 422).html
    assert not Sale.objects.exists()
    artist.post(at, asked | {"reserve_amount": ""})
    auction = Auction.objects.get()
    assert (auction.start_amount, auction.reserve_amount, auction.sale.state) == (10_000, None, "open")


def test_a_falling_price_is_announced_shown_and_paid(seller: Artist, signed_in: SignedIn, client: Client) -> None:
    release, artist = release_of(seller, 3), signed_in(seller.user)
    at = f"/releases/{release.pk}/dutch/"
    opens = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    asked = {
        "licence": "personal", "start_amount": "100", "floor_amount": "50", "steps": "5", "minutes": "60",
        "rebates": "on", "opens_at": opens,
    }  # fmt: skip
    artist.post(at, asked)
    assert Falling.objects.get().amounts == [10_000, 9_000, 8_000, 7_000, 6_000, 5_000]
    other = open_falling(seller)
    hours_pass(other.sale, 2)
    page = read(client.get(f"/sales/{other.sale_id}/")).html
    assert "€80.00" in page
    assert "falls step by step to €50.00" in page


def test_others_prepare_nothing_of_it(seller: Artist, user: User, signed_in: SignedIn) -> None:
    release = release_of(seller)
    assert signed_in(user).get(f"/releases/{release.pk}/auction/").status_code == 404
    assert signed_in(user).get(f"/releases/{release.pk}/dutch/").status_code == 404
