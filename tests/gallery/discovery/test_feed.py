"""The feed: what the artists whom one follows hang and sell."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from gallery import services
from gallery.models import Exhibition
from gallery.services import exhibiting
from generation.models import Artwork, Visibility
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from tests.gallery.discovery.people import hang
from tests.marketplace.accounts.people import curator
from tests.marketplace.orders.market import put_on_sale, resell

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/feed/"
SUBJECTS = {"work": "artwork", "sale": "sale", "exhibition": "exhibition"}


@pytest.fixture
def following(user: User, painter: Artist) -> None:
    services.follow_artist(person=user, slug=painter.slug)


def hung(artist: Artist, ago: float, **more: Any) -> Artwork:
    """A work of theirs, hung so many hours ago."""
    return hang(artist.user, hung_at=timezone.now() - timedelta(hours=ago), **more)


def read(api: APIClient, address: str = ADDRESS) -> list[tuple[str, str]]:
    """Kind and id of each piece of news, page by page, when all cards are drawn."""
    services.refresh_all_cards()
    found = []
    following: str | None = address
    while following:
        page = api.get(following).json()
        found += [(news["kind"], news[SUBJECTS[news["kind"]]]["id"]) for news in page["results"]]
        following = page["next"]
    return found


def test_it_begins_empty(api: APIClient, painting: Artwork) -> None:
    assert api.get(ADDRESS).json() == {"next": None, "previous": None, "results": []}


@pytest.mark.usefixtures("following")
def test_works_and_sales_of_whom_one_follows_come_newest_first(api: APIClient, painter: Artist, weaver: Artist) -> None:
    old, new = hung(painter, 5), hung(painter, 1)
    hung(weaver, 2)
    hung(painter, 3, visibility=Visibility.PRIVATE)
    sale = put_on_sale(painter, opens_at=timezone.now() - timedelta(hours=3))
    sold = sale.issued.artwork
    drop = put_on_sale(painter, opens_at=timezone.now() + timedelta(days=1))
    put_on_sale(weaver)
    put_on_sale(painter, state="draft")
    news = [one for one in read(api) if one[1] in {str(x.pk) for x in (old, new, sale, drop)}]
    assert news == [("sale", str(drop.pk)), ("work", str(new.pk)), ("sale", str(sale.pk)), ("work", str(old.pk))]
    assert ("work", str(sold.pk if sold else "")) in read(api)


@pytest.mark.usefixtures("following")
def test_a_resale_by_its_owner_is_no_news_of_the_artist(api: APIClient, painter: Artist, collector: User) -> None:
    sale = put_on_sale(painter, state="ended")
    edition = sale.issued.editions.create(number=1, state="sold")
    resell(edition, collector)
    assert [kind for kind, _ in read(api)] == ["work"]


@pytest.mark.usefixtures("following")
def test_a_suspended_artist_falls_silent(api: APIClient, painter: Artist) -> None:
    put_on_sale(painter)
    accounts.suspend_artist(curator=curator(), artist_id=painter.pk, reason="Not theirs.")
    assert read(api) == []


@pytest.mark.usefixtures("following")
def test_pages_follow_each_other_also_among_works_of_one_moment(
    api: APIClient, user: User, painter: Artist, weaver: Artist
) -> None:
    services.follow_artist(person=user, slug=weaver.slug)
    at = timezone.now() - timedelta(hours=2)
    works = [hang(artist.user, hung_at=at) for artist in (painter, weaver) * 3]
    sale = put_on_sale(painter, opens_at=at, release=None)
    found = read(api, f"{ADDRESS}?page_size=2")
    assert len(found) == len(set(found)) == 8  # the sale's own work too
    assert set(found) >= {("work", str(work.pk)) for work in works} | {("sale", str(sale.pk))}
    assert [one for one in found if one[0] == "work"][1:] == [
        ("work", str(work.pk)) for work in sorted(works, key=lambda work: work.pk, reverse=True)
    ]
    for nonsense in ("yesterday", "2026-13-45T00:00:00+00:00~" + str(works[0].pk), "~"):
        assert len(api.get(ADDRESS, {"cursor": nonsense}).json()["results"]) == 8


@pytest.mark.usefixtures("following")
@pytest.mark.parametrize("number", [1, 5])
def test_more_news_need_no_more_queries(
    api: APIClient, painter: Artist, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        put_on_sale(painter)
    services.refresh_all_cards()
    with django_assert_max_num_queries(12):
        assert len(api.get(ADDRESS).json()["results"]) == 2 * number


def test_what_ends_and_what_begins_soon(client: Any, painter: Artist) -> None:
    now = timezone.now()
    times: dict[str, dict[str, Any]] = {
        "later": {"closes_at": now + timedelta(days=2)}, "next": {"closes_at": now + timedelta(hours=1)},
        "far": {"closes_at": now + timedelta(days=30)}, "endless": {},
        "drop": {"opens_at": now + timedelta(hours=5), "closes_at": now + timedelta(days=1)},
        "private": {"closes_at": now + timedelta(days=1), "state": "draft"},
    }  # fmt: skip
    sales = {name: str(put_on_sale(painter, **when).pk) for name, when in times.items()}
    soon = client.get("/api/v1/ending/").json()
    assert [sale["id"] for sale in soon["ending"]] == [sales["next"], sales["later"]]
    assert [sale["id"] for sale in soon["opening"]] == [sales["drop"]]


def exhibition(*works: Artwork, hours_ago: float = 0, title: str = "Tides") -> Exhibition:
    """One that opened so many hours ago; negative: that will."""
    judge = curator()
    made = exhibiting.draft_exhibition(curator=judge, title=title)
    given: dict[str, Any] = {"curator": judge, "exhibition_id": made.pk}
    for work in works:
        exhibiting.hang_in_exhibition(**given, artwork_id=work.pk)
    exhibiting.write_exhibition(**given, opens_at=timezone.now() - timedelta(hours=hours_ago))
    return exhibiting.move_exhibition(**given, move="publish")


@pytest.mark.usefixtures("following")
def test_exhibitions_with_whom_one_follows_come_when_they_open(api: APIClient, painter: Artist, weaver: Artist) -> None:
    old, theirs, others = hung(painter, 9), hung(painter, 5), hung(weaver, 5)
    shown = exhibition(others, old, theirs, hours_ago=2)
    exhibition(others, hours_ago=1, title="Looms")
    exhibition(old, hours_ago=-3, title="To come")
    draft = exhibition(old, hours_ago=1, title="Taken back")
    exhibiting.move_exhibition(curator=curator(), exhibition_id=draft.pk, move="take_back")
    earlier = exhibition(theirs, hours_ago=7, title="Earlier")
    expected = [
        ("exhibition", str(shown.pk)), ("work", str(theirs.pk)), ("exhibition", str(earlier.pk)),
        ("work", str(old.pk)),
    ]  # fmt: skip
    assert read(api) == expected
    assert read(api, f"{ADDRESS}?page_size=1") == expected
    [news] = [one for one in api.get(ADDRESS).json()["results"] if one["at"] == expected_at(shown)]
    assert (news["artists"], news["artwork"]["id"], news["sale"]) == ([painter.slug], str(others.pk), None)
    accounts.suspend_artist(curator=curator(), artist_id=painter.pk, reason="Copies.")
    assert read(api) == []


def expected_at(exhibition: Exhibition) -> str:
    assert exhibition.opens_at is not None
    return exhibition.opens_at.isoformat().replace("+00:00", "Z")


@pytest.mark.usefixtures("following")
def test_many_exhibitions_cost_as_many_queries_as_one(
    api: APIClient, painter: Artist, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    work = hung(painter, 5)
    exhibition(work, hours_ago=1)
    with CaptureQueriesContext(connection) as asked:
        api.get(ADDRESS)
    for n in range(3):
        exhibition(work, hours_ago=2 + n, title=f"Show {n}")
    with django_assert_num_queries(len(asked)):
        api.get(ADDRESS)
