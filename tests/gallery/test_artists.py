"""An artist's page, and what the artist alone sees on it."""

from collections.abc import Callable

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from generation.models import Visibility
from marketplace.accounts.models import Artist, User
from payments import ledger
from tests.gallery import hanging
from tests.gallery.markup import read

SignedIn = Callable[[User], Client]


def test_an_artist_is_introduced_with_what_hangs(client: Client, artist: Artist) -> None:
    shown = hanging.work(artist.user)
    hidden = hanging.work(artist.user, visibility=Visibility.PRIVATE, hung_at=None)
    hanging.draw_cards()
    page = read(client.get("/artists/vera-molnar/"))
    assert "Draws with rules." in page.html
    assert page.all("a", href=f"/works/{shown.pk}/")
    assert not page.all("a", href=f"/works/{hidden.pk}/")


def test_an_artist_without_works_has_a_page_all_the_same(client: Client, artist: Artist) -> None:
    assert "Nothing of theirs hangs" in read(client.get("/artists/vera-molnar/")).html


def test_nobody_is_at_an_unknown_address(client: Client, db: None) -> None:
    read(client.get("/artists/nobody/"), 404)


def test_earnings_are_for_the_artist_alone(
    artist: Artist, user: User, client: Client, visitor: Client, signed_in: SignedIn
) -> None:

    lines = [
        ledger.Line("stripe:balance", 2500),
        ledger.Line(ledger.payee(artist.user_id), -1750),
        ledger.Line("platform:revenue", -750),
    ]
    ledger.post_entry(kind="capture", reference="test:1", currency="eur", lines=lines)
    assert "€17.50" in read(signed_in(artist.user).get("/artists/vera-molnar/")).html
    for stranger in (client, visitor):
        page = read(stranger.get("/artists/vera-molnar/"))
        assert "Credited to you" not in page.html
        assert "€" not in page.html


def test_an_artist_who_earned_nothing_yet_is_told_so(artist: Artist, signed_in: SignedIn) -> None:
    assert "Nothing yet" in read(signed_in(artist.user).get("/artists/vera-molnar/")).html


def test_many_works_need_few_queries(
    client: Client, artist: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(10):
        hanging.work(artist.user)
    with django_assert_max_num_queries(6):
        read(client.get("/artists/vera-molnar/"))
