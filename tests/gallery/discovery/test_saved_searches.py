"""Searches that people keep: what they are told of, when, and that it is once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from gallery import services
from gallery.handlers import on_cards_outdated
from gallery.models import Card, Find, PastCard, SavedSearch
from gallery.services import saved_searches
from generation.models import Artwork
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, Notification, User
from marketplace.listings.models import Price
from tests.gallery import hanging
from tests.gallery.catalogue import selling
from tests.gallery.discovery.people import hang

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/saved-searches/"
QUERY = {"engine": ["texture"]}


def keep(api: APIClient, **more: Any) -> str:
    kept = api.post(ADDRESS, {"query": QUERY} | more, format="json")
    assert kept.status_code == 201, kept.json()
    return str(kept.json()["id"])


def told(person: User) -> list[str]:
    return [row.body for row in Notification.objects.of(person).filter(kind="search.found").order_by("pk")]


def later(**by: float) -> Any:
    return timezone.now() + timedelta(**by)


def test_a_search_is_kept_once_however_it_is_written(api: APIClient) -> None:
    first = keep(api, query={"engine": ["texture", "flow-field"], "sort": ["price"], "q": [" "]}, name="Fields")
    assert keep(api, query={"engine": ["flow-field", "texture", "texture"]}, name="Again") == first
    [kept] = api.get(ADDRESS).json()["results"]
    assert (kept["name"], kept["frequency"], kept["query"]) == (
        "Fields",
        "daily",
        {"engine": ["flow-field", "texture"]},
    )


def test_what_the_catalogue_does_not_know_is_refused_and_not_everything_kept(api: APIClient) -> None:
    for name, value in (("color", "red"), ("colour", "rde"), ("foo", "x")):
        answer = api.post(ADDRESS, {"query": {name: [value]}, "frequency": "at-once"}, format="json")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])
    assert not SavedSearch.objects.exists()


def test_a_value_that_the_house_has_no_more_finds_nothing_and_hinders_nobody(
    api: APIClient, user: User, painter: Artist
) -> None:
    keep(api, query={"sale": ["dutch"]}, frequency="at-once")
    SavedSearch.objects.update(query={"sale": ["rent"]})
    keep(api, frequency="at-once", name="Textures")
    hang(painter.user, engine="texture", title="Moss")
    services.tell_of_finds()
    assert told(user) == ["Textures:\nMoss, Anni Albers"]


def test_works_hung_since_and_no_others_are_told_of_once(api: APIClient, user: User, painter: Artist) -> None:
    hang(painter.user, engine="texture", title="Before")
    keep(api, frequency="at-once", name="Textures")
    assert services.tell_of_finds() == 0
    hang(painter.user, engine="texture", title="Moss")
    hang(painter.user, engine="flow-field", title="Other")
    for _ in range(3):
        services.tell_of_finds()
    assert told(user) == ["Textures:\nMoss, Anni Albers"]
    Artwork.objects.update(hung_at=later(minutes=1))  # taken down and hung again
    services.refresh_all_cards()
    services.tell_of_finds(now=later(minutes=2))
    assert [find.artwork.title for find in Find.objects.all()] == ["Moss", "Before"]
    assert told(user)[1:] == ["Textures:\nBefore, Anni Albers"]


def test_of_works_that_hang_it_is_told_when_they_begin_to_match_and_only_then(
    api: APIClient, user: User, painter: Artist
) -> None:
    moss, bark, fern = (hang(painter.user, engine="texture", title=title) for title in ("Moss", "Bark", "Fern"))
    selling.at(bark, 3000)
    hanging.look_at(fern, "red")
    services.refresh_cards([bark.pk, fern.pk])
    long_ago = later(days=-2)
    Artwork.objects.update(hung_at=long_ago)
    Card.objects.update(hung_at=long_ago)
    keep(api, query={"edition": ["left"]}, frequency="at-once", name="Left")
    keep(api, query={"price": ["0-25"]}, frequency="at-once", name="Cheap")
    keep(api, query={"colour": ["red"]}, frequency="at-once", name="Red")
    assert services.tell_of_finds() == 0  # what hangs already is no news
    Price.objects.update(amount=2400)  # it was for sale before: it is cheaper, and no more than that
    selling.at(moss, 9900)
    hanging.look_at(moss, "red")
    for _ in range(2):
        services.refresh_cards([moss.pk, bark.pk, fern.pk])
        services.tell_of_finds()
    assert told(user) == ["Left:\nMoss, Anni Albers\n\nCheap:\nBark, Anni Albers\n\nRed:\nMoss, Anni Albers"]
    Price.objects.update(amount=9900)
    services.refresh_cards([bark.pk])
    Price.objects.update(amount=2400)
    services.refresh_cards([bark.pk])
    services.tell_of_finds(now=later(minutes=1))
    assert len(told(user)) == 1  # of a work once


def test_a_range_of_prices_is_kept_in_words_and_told_of_when_a_work_becomes_as_cheap(
    api: APIClient, user: User, painter: Artist
) -> None:
    bark = hang(painter.user, title="Bark")
    selling.at(bark, 9000)
    services.refresh_cards([bark.pk])
    Artwork.objects.update(hung_at=later(days=-2))
    Card.objects.update(hung_at=later(days=-2))
    range_ = {"price_from": ["40"], "price_to": ["50.00"], "price_currency": ["eur"]}
    keep(api, query=range_, frequency="at-once")
    assert keep(api, query=range_ | {"price_to": ["50"]}) == str(SavedSearch.objects.get().pk)
    assert SavedSearch.objects.get().name == "€40.00 to €50.00"
    for amount in (5100, 5000):  # in one band of prices: no facet changes
        Price.objects.update(amount=amount)
        services.refresh_cards([bark.pk])
        services.tell_of_finds()
    assert told(user) == ["€40.00 to €50.00:\nBark, Anni Albers"]


def test_cards_that_are_drawn_otherwise_are_no_news_and_past_ones_are_forgotten(
    api: APIClient, user: User, painter: Artist
) -> None:
    moss = hang(painter.user, engine="texture", title="Moss")
    Card.objects.update(document="'old'")
    keep(api, query={"q": ["moss"]}, frequency="at-once")
    on_cards_outdated([str(moss.pk)])
    assert (services.tell_of_finds(), PastCard.objects.count()) == (0, 0)
    Card.objects.update(document="'old'")
    services.refresh_cards([moss.pk])
    assert services.tell_of_finds() == 1
    services.forget_past_cards()
    assert PastCard.objects.count() == 1
    PastCard.objects.update(at=later(days=-9))
    services.forget_past_cards()
    assert not PastCard.objects.exists()


def test_words_find_as_the_catalogue_does(api: APIClient, user: User, painter: Artist) -> None:
    keep(api, query={"q": ["mosses -dry"], "engine": ["texture"]}, frequency="at-once", name="Moss")
    hang(painter.user, engine="texture", title="Dry moss")
    hang(painter.user, engine="flow-field", title="Moss")
    hang(painter.user, engine="texture", title="Wet moss")
    services.tell_of_finds()
    assert told(user) == ["Moss:\nWet moss, Anni Albers"]
    assert api.post(ADDRESS, {"query": {"sort": ["loudest"]}}, format="json").status_code == 422


def test_each_is_told_at_its_pace_and_all_that_are_due_together(api: APIClient, user: User, painter: Artist) -> None:
    keep(api, frequency="daily", name="Textures")
    keep(api, query={"artist": [painter.slug]}, frequency="weekly", name="Anni")
    keep(api, query={}, frequency="never", name="All")
    hang(painter.user, engine="texture", title="Moss")
    assert services.tell_of_finds(now=later(hours=23)) == 0
    assert services.tell_of_finds(now=later(hours=25)) == 1
    hang(painter.user, engine="texture", title="Bark", hung_at=later(days=3))
    services.tell_of_finds(now=later(days=8))
    assert told(user) == [
        "Textures:\nMoss, Anni Albers",
        "Textures:\nBark, Anni Albers\n\nAnni:\nMoss, Anni Albers\nBark, Anni Albers",
    ]
    [title] = Notification.objects.order_by("-pk").values_list("title", flat=True)[:1]
    assert title == "2 new works match what you look for"


def test_ones_own_works_are_no_news(painter: Artist, client_of: Callable[[User], APIClient]) -> None:
    keep(client_of(painter.user), frequency="at-once")
    hang(painter.user, engine="texture")
    assert services.tell_of_finds() == 0


def test_who_dies_over_it_has_done_nothing(
    api: APIClient, user: User, painter: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(api, frequency="at-once")
    hang(painter.user, engine="texture")
    before = SavedSearch.objects.values().get()
    with monkeypatch.context() as patch:
        patch.setattr(accounts, "notify", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.tell_of_finds()
    assert not Find.objects.exists()
    assert SavedSearch.objects.values().get() == before
    services.tell_of_finds()
    assert len(told(user)) == 1


def test_very_many_works_are_told_of_in_parts(
    api: APIClient, user: User, painter: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_searches, "MOST_AT_ONCE", 2)
    keep(api, frequency="daily")
    at = timezone.now()
    works = [hang(painter.user, engine="texture", title=f"No {n}", hung_at=at) for n in range(5)]
    for _ in range(4):
        services.tell_of_finds(now=later(days=2))
    assert [find.artwork for find in Find.objects.order_by("pk")] == works
    assert len(told(user)) == 3


def test_it_comes_by_mail_with_a_link_that_ends_it(api: APIClient, user: User, painter: Artist) -> None:
    keep(api, frequency="at-once")
    hang(painter.user, engine="texture", title="Moss")
    services.tell_of_finds()
    accounts.send_due_mails()
    [letter] = mail.outbox
    assert "Moss, Anni Albers" in letter.body
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert APIClient().post(link[link.index("/notifications/") :]).status_code == 200
    hang(painter.user, engine="texture", title="Bark")
    services.tell_of_finds()
    accounts.send_due_mails()
    assert len(mail.outbox) == 1
    assert len(told(user)) == 2  # in the house as before


def test_a_search_is_changed_and_forgotten_by_its_owner_alone(
    api: APIClient, make_user: Callable[..., User], client_of: Callable[[User], APIClient], painter: Artist
) -> None:
    one = f"{ADDRESS}{keep(api)}/"
    stranger = client_of(make_user())
    tries = [
        stranger.get(one), stranger.patch(one, {}, format="json"), stranger.delete(one), stranger.get(f"{one}works/"),
    ]  # fmt: skip
    assert [answer.status_code for answer in tries] == [404] * 4
    assert APIClient().get(ADDRESS).status_code == 401
    assert api.patch(one, {"frequency": "hourly"}, format="json").status_code == 422
    assert api.patch(one, {"frequency": "never"}, format="json").json()["frequency"] == "never"
    SavedSearch.objects.update(created_at=later(hours=-2))
    hang(painter.user, engine="texture", hung_at=later(hours=-1))
    assert services.tell_of_finds(now=later(days=9)) == 0
    api.patch(one, {"frequency": "at-once", "name": "Mine"}, format="json")
    assert services.tell_of_finds(now=later(days=9)) == 0  # of what was hung meanwhile nobody is told
    assert api.delete(one).status_code == 204
    assert not SavedSearch.objects.exists()


def test_there_is_a_bound(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_searches, "MOST_SEARCHES", 1)
    keep(api)
    assert api.post(ADDRESS, {"query": {"q": ["sea"]}}, format="json").status_code == 409
    keep(api)


@pytest.mark.parametrize("number", [1, 6])
def test_many_need_no_more_queries(
    api: APIClient, number: int, painter: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(number):
        search = keep(api, query={"q": [f"Study {n}"]})
        Find.objects.create(search_id=search, artwork=hang(painter.user))
    with django_assert_max_num_queries(2):
        assert len(api.get(ADDRESS).json()["results"]) == number
    with django_assert_max_num_queries(4):
        api.get(f"{ADDRESS}{search}/works/")
