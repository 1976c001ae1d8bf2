"""What a collector owns, on a page of its own."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gallery.pages.collection import PAGE
from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.orders.services import grant_ownership
from tests.gallery import hanging
from tests.gallery.markup import read


def owned(collector: User, artist: Artist) -> Artwork:
    """A work that was painted for a collector and handed over."""
    work = hanging.work(
        collector, visibility=Visibility.PRIVATE, hung_at=None, owner=None, artist=None, style_artist=artist
    )
    grant_ownership(artwork=work, artist=artist, owner=collector, source="test:1")
    return work


def test_one_signs_in_first(client: Client, db: None) -> None:
    assert client.get("/collection/").headers["Location"] == "/accounts/login/?next=/collection/"


def test_who_owns_nothing_is_sent_to_the_wall(visitor: Client) -> None:
    page = read(visitor.get("/collection/"))
    assert "You own nothing yet" in page.html


def test_one_sees_ones_own_and_nobody_elses(visitor: Client, user: User, artist: Artist) -> None:
    mine, theirs = owned(user, artist), owned(hanging.artist("Other").user, artist)
    page = read(visitor.get("/collection/"))
    assert page.all("a", href=f"/collection/{mine.release.editions.get().pk}/")
    assert not page.all("a", href=f"/collection/{theirs.release.editions.get().pk}/")
    assert "after Vera Molnár" in page.html


def test_a_large_collection_comes_in_pages(
    visitor: Client, user: User, artist: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(PAGE + 1):
        owned(user, artist)
    with django_assert_max_num_queries(7):  # one of them rings the bell
        first = read(visitor.get("/collection/"))
    [more] = [link for link in first.all("a") if link.get("hx-get", "").startswith("?")]
    rest = read(visitor.get(f"/collection/{more['hx-get']}", headers={"HX-Request": "true"}))
    assert len(first.all("img")) == PAGE
    assert len(rest.all("img")) == 1
    assert "<html" not in rest.html
