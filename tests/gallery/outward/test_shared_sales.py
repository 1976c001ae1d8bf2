"""A work that is for sale has one page for all visitors, and what happens to its sales is on the next read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from generation.models import Artwork
from generation.services import take_down_artwork
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.listings import services as listings
from marketplace.listings.models import Listing
from marketplace.listings.services import AskedPrice, DutchTerms, Schedule
from marketplace.orders import services as ordering
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator
from tests.marketplace.listings import selling
from tests.marketplace.orders.bidding import open_auction, release_of, save_card
from tests.marketplace.orders.market import order, resell
from tests.payments.provider import Provider


class Reader:
    """Somebody who has a page, and asks for it again."""

    def __init__(self, address: str) -> None:
        self.client, self.address, self.tag = Client(), address, ""

    def read(self) -> str:
        """The page, if it is another one than before; a second visitor is then told the same from what is kept."""
        answer = self.client.get(self.address, headers={"If-None-Match": self.tag})
        if answer.status_code == 304:
            return "as it was"
        self.tag = answer.headers["ETag"]
        assert "s-maxage" in answer.headers["Cache-Control"]
        assert not answer.cookies
        assert Client().get(self.address, headers={"If-None-Match": self.tag}).status_code == 304
        return answer.content.decode()


def of(artwork: Artwork | None) -> Reader:
    assert artwork is not None
    return Reader(f"/works/{artwork.pk}/")


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Nothing happens but that time goes by."""
    real = timezone.now

    def go(**by: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(**by))

    return go


def test_the_next_read_shows_what_became_of_a_sale(artwork: Artwork, artist: Artist, user: User) -> None:
    page, seller = of(artwork), artist.user
    assert "€" not in page.read()
    sale = selling.drafted(selling.issued(artwork))
    assert page.read() == "as it was"  # a draft is nobody's business
    listings.publish_sale(seller=seller, sale_id=sale.pk)
    assert "€50.00" in page.read()
    placed = order(sale, user)
    assert "2 of 3 left" in page.read()
    ordering.cancel(order_id=placed.pk, buyer=user)
    assert "3 of 3 left" in page.read()
    listings.pause_sale(seller=seller, sale_id=sale.pk)
    assert "Sign in to buy" not in page.read()
    listings.change_sale(seller=seller, sale_id=sale.pk, prices=[AskedPrice("personal", "eur", 7000)])
    listings.publish_sale(seller=seller, sale_id=sale.pk)
    assert "€70.00" in page.read()
    accounts.update_artist(user=seller, slug=artist.slug, name="Vera M.")
    assert "Vera M." in page.read()
    for _ in range(3):
        order(sale, user)
    assert "All 3 have their owners" in page.read()
    assert page.read() == "as it was"
    take_down_artwork(artwork_id=artwork.pk, curator=curator())
    assert page.client.get(page.address).status_code == 404


def test_the_next_read_shows_what_an_owner_sells_on(artist: Artist, user: User) -> None:
    release = release_of(artist, size=2)
    edition = selling.edition_sold(release)
    page = of(release.artwork)
    page.read()
    sale = resell(edition, user)
    assert (f"from {user.name}" in (shown := page.read()), "€200.00" in shown) == (True, True)
    user.display_name = "Somebody else"
    user.save()
    assert "from Somebody else" in page.read()
    listings.cancel_sale(by=user, sale_id=sale.pk)
    assert "€200.00" not in page.read()


def test_the_next_read_shows_a_bid(artist: Artist, user: User, provider: Provider) -> None:
    auction = open_auction(artist)
    page = of(auction.sale.issued.artwork)
    assert "bids from" in page.read()
    listings.place_bid(bidder=save_card(user, provider), sale_id=auction.sale_id, most_amount=15_000)
    assert '<span class="from">bid</span> €100.00' in page.read()


@pytest.mark.parametrize(("schedule", "before", "after"), [
    ({"opens_at": 1}, "It can be bought from then on", "Sign in to buy"),
    ({"closes_at": 1}, "Sign in to buy", "<h1>"),
    ({"opens_at": 0.1, "allowlist_until": 1}, "first by those on its list", "Sign in to buy"),
])  # fmt: skip
def test_the_clock_is_hidden_by_nothing_that_is_kept(
    artwork: Artwork, pass_time: Callable[..., None], schedule: dict[str, float], before: str, after: str
) -> None:
    times: dict[str, Any] = {name: selling.soon(hours=hours) for name, hours in schedule.items()}
    selling.on_sale(artwork, **times)
    page = of(artwork)
    assert before in page.read()
    assert page.read() == "as it was"
    pass_time(hours=1.5)
    assert after in (shown := page.read())
    assert before not in shown


def test_a_price_that_falls_is_not_kept_beyond_its_step(artist: Artist, pass_time: Callable[..., None]) -> None:
    terms = DutchTerms(
        licence="personal", currency="eur", start_amount=10_000, floor_amount=8_000, steps=2, step_seconds=600
    )
    opens = Schedule(opens_at=selling.soon(minutes=1))
    release = release_of(artist, 3)
    sale = listings.draft_dutch_auction(artist_user=artist.user, release_id=release.pk, terms=terms, schedule=opens)
    listings.publish_sale(seller=artist.user, sale_id=sale.pk)
    page = of(release.artwork)
    seen = []
    for minutes in (0, 2, 12, 22, 32):
        pass_time(minutes=minutes)
        seen.append(page.read())
    for price, shown in zip(("from</span> €100.00", "now</span> €100.00", "€90.00", "€80.00"), seen, strict=False):
        assert price in shown
    assert seen[-1] == "as it was"  # it lies at its floor


def test_whoever_is_signed_in_can_buy(artwork: Artwork, visitor: Client) -> None:
    selling.on_sale(artwork)
    page, own = of(artwork).read(), visitor.get(f"/works/{artwork.pk}/").content.decode()
    assert ("csrf" in page, "request_key" in page, "Sign in to buy" in page) == (False, False, True)
    assert ("csrf" in own, "request_key" in own, "Sign in to buy" in own) == (True, True, False)


def test_the_sale_of_a_work_costs_a_kept_page_no_query(
    artwork: Artwork, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    selling.on_sale(artwork)
    page = of(artwork)
    page.read()
    with django_assert_num_queries(2):  # two versions: the catalogue's and the work's
        assert page.read() == "as it was"


def test_an_engines_wall_is_one_for_all_and_tells_at_once_what_it_costs(artist: Artist, artwork: Artwork) -> None:
    hanging.draw_cards()
    page = Reader("/?engine=flow-field")
    assert "Have one made" not in page.read()
    fields = {"artist": artist, "engine": "flow-field", "price_amount": 1900, "currency": "eur"}
    offer = Listing.objects.create(**fields, state="published")
    assert "€19.00" in page.read()
    offer.state = Listing.State.PAUSED
    offer.save()
    assert "€19.00" not in page.read()
    assert page.read() == "as it was"
