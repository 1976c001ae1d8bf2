"""Giving a work another title: who may, until when, and where it is read afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.test import Client
from rest_framework.test import APIClient

from gallery import services as gallery
from gallery.errors import TitleFixed
from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from marketplace.core.models import AuditEntry
from marketplace.listings import services as listings
from marketplace.listings.models import Auction, Edition, Release
from marketplace.orders.services import grant_ownership
from marketplace.orders.services.reserving import give_back, reserve_for
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.marketplace.accounts.people import curator
from tests.marketplace.listings import selling
from tests.marketplace.orders.bidding import open_auction, save_card
from tests.payments.provider import Provider

pytestmark = pytest.mark.django_db


def test_a_new_title_is_read_everywhere_and_audited(
    artist: Artist, artwork: Artwork, client_of: Callable[[User], APIClient]
) -> None:
    selling.issued(artwork)
    was = artwork.title
    answer = client_of(artist.user).patch(f"/api/v1/artworks/{artwork.pk}/", {"title": " Low  tide "}, format="json")
    assert (answer.status_code, answer.json()["title"]) == (200, "Low tide")
    hanging.draw_cards()
    assert [one["title"] for one in Client().get("/api/v1/catalogue/?q=tide").json()["results"]] == ["Low tide"]
    assert b"Low tide" in Client().get("/feed.atom").content
    assert Release.objects.get().title == "Low tide"
    [entry] = AuditEntry.objects.of(artwork)
    assert (entry.before, entry.after, entry.person_id) == ({"title": was}, {"title": "Low tide"}, artist.user_id)


def test_a_release_with_a_name_of_its_own_keeps_it(
    artist: Artist, artwork: Artwork, client_of: Callable[[User], APIClient]
) -> None:
    selling.issued(artwork)
    Release.objects.update(title="The prints")
    client_of(artist.user).patch(f"/api/v1/artworks/{artwork.pk}/", {"title": "Low tide"}, format="json")
    assert Release.objects.get().title == "The prints"


def test_it_is_given_by_its_own_people_while_nobody_owns_it(
    artist: Artist, artwork: Artwork, user: User, client_of: Callable[[User], APIClient], visitor: Client
) -> None:
    one, own = f"/api/v1/artworks/{artwork.pk}/", client_of(artist.user)
    title = {"title": "Mine"}
    assert APIClient().patch(one, title, format="json").status_code == 401
    assert client_of(user).patch(one, title, format="json").status_code == 403
    assert own.patch(one, {"title": "x" * 121}, format="json").status_code == 422
    grant_ownership(artwork=artwork, artist=artist, owner=user, source="test:1")
    refused = own.patch(one, title, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "title-fixed")
    assert own.patch(one, {"title": artwork.title}, format="json").status_code == 200  # nothing changes
    artwork.refresh_from_db()
    assert artwork.title != "Mine"


def test_its_artist_does_it_on_its_page_and_is_told_when_it_is_too_late(
    artist: Artist, artwork: Artwork, user: User, signed_in: Callable[[User], Client], visitor: Client
) -> None:
    page, form = f"/works/{artwork.pk}/", f"/works/{artwork.pk}/title/"
    own = signed_in(artist.user)
    assert read(own.get(page)).all("form", action=form)
    assert not read(visitor.get(page)).all("form", action=form)
    assert "<h1>Low tide</h1>" in read(own.post(form, {"title": "Low tide"}, follow=True)).html
    assert visitor.post(form, {"title": "Theirs"}).status_code == 403
    grant_ownership(artwork=artwork, artist=artist, owner=user, source="test:1")
    assert not read(own.get(page)).all("form", action=form)
    assert "under this title: it stays" in read(own.post(form, {"title": "Later"}, follow=True)).html


def test_it_stays_while_an_edition_is_being_bought_and_is_free_again_afterwards(
    artist: Artist, artwork: Artwork
) -> None:
    sale = selling.on_sale(artwork)
    edition_id = reserve_for(sale)
    with pytest.raises(TitleFixed):
        gallery.retitle_work(artwork_id=artwork.pk, title="Low tide", by=artist.user)
    give_back(edition_id)
    assert gallery.retitle_work(artwork_id=artwork.pk, title="Low tide", by=artist.user).title == "Low tide"


def test_it_stays_while_a_bid_counts(
    artist: Artist, user: User, make_user: Callable[..., User], provider: Provider
) -> None:
    auction = open_auction(artist)
    work = _sold_in(auction)
    assert gallery.retitle_work(artwork_id=work.pk, title="Low tide", by=artist.user).title == "Low tide"
    bid = listings.place_bid(bidder=save_card(user, provider), sale_id=auction.sale_id, most_amount=15_000)
    with pytest.raises(TitleFixed):
        gallery.retitle_work(artwork_id=work.pk, title="High tide", by=artist.user)
    listings.strike_bid(curator=curator(), bid_id=bid.pk, because="A slip.")
    assert gallery.retitle_work(artwork_id=work.pk, title="High tide", by=artist.user).title == "High tide"


@pytest.mark.django_db(transaction=True)
def test_a_sale_that_begins_at_the_same_moment_is_waited_for(artist: Artist, artwork: Artwork) -> None:
    sale = selling.on_sale(artwork)
    assert _retitled_during(lambda: reserve_for(sale), artwork, artist) == "refused"
    assert Edition.objects.filter(state="reserved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_bid_that_comes_at_the_same_moment_is_waited_for(artist: Artist, user: User, provider: Provider) -> None:
    auction = open_auction(artist)
    bidder = save_card(user, provider)
    place = lambda: listings.place_bid(bidder=bidder, sale_id=auction.sale_id, most_amount=15_000)  # noqa: E731
    assert _retitled_during(place, _sold_in(auction), artist) == "refused"


def _sold_in(auction: Auction) -> Artwork:
    work = auction.sale.issued.artwork
    assert work is not None
    return work


def _retitled_during(act: Callable[[], object], work: Artwork, artist: Artist) -> str:
    """What a new title comes to that is given when something was done, but not committed yet."""

    def retitle() -> str:
        try:
            gallery.retitle_work(artwork_id=work.pk, title="Low tide", by=artist.user)
        except TitleFixed:
            return "refused"
        finally:
            connection.close()
        return "retitled"

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            act()
            outcome = beside.submit(retitle)
            until = monotonic() + 10
            while not (outcome.done() or _somebody_waits()) and monotonic() < until:
                sleep(0.02)
        return outcome.result()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])
