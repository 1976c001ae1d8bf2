"""Following artists: over HTTP, by whom, and of whom."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from gallery.models import Follow
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/follows/"


def test_one_follows_and_unfollows_and_neither_twice(api: APIClient, painter: Artist) -> None:
    one = f"{ADDRESS}{painter.slug}/"
    assert api.get(one).json() == {"following": False, "followers": 0}
    for _ in range(2):
        assert api.put(one).json() == {"following": True, "followers": 1}
    [followed] = api.get(ADDRESS).json()["results"]
    assert followed["artist"]["slug"] == painter.slug
    for _ in range(2):
        assert api.delete(one).json() == {"following": False, "followers": 0}
    assert api.get(ADDRESS).json()["results"] == []


def test_a_suspended_artist_gets_no_new_followers_and_may_be_left(api: APIClient, painter: Artist) -> None:
    one = f"{ADDRESS}{painter.slug}/"
    api.put(one)
    accounts.suspend_artist(curator=curator(), artist_id=painter.pk, reason="Not theirs.")
    [followed] = api.get(ADDRESS).json()["results"]
    assert followed["artist"]["state"] == "suspended"
    api.delete(one)
    assert api.put(one).json()["type"].endswith("artist-suspended/")
    assert not Follow.objects.exists()


def test_nobody_follows_themselves_or_a_stranger_to_the_house(
    painter: Artist, api: APIClient, client_of: Callable[[User], APIClient]
) -> None:
    assert client_of(painter.user).put(f"{ADDRESS}{painter.slug}/").status_code == 409
    assert api.put(f"{ADDRESS}nobody/").status_code == 404


def test_whom_one_follows_is_ones_own_to_know(
    api: APIClient, painter: Artist, make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    api.put(f"{ADDRESS}{painter.slug}/")
    other = client_of(make_user())
    assert other.get(ADDRESS).json()["results"] == []
    assert other.get(f"{ADDRESS}{painter.slug}/").json() == {"following": False, "followers": 1}
    assert APIClient().get(ADDRESS).status_code == 401


@pytest.mark.parametrize("number", [1, 6])
def test_many_follows_need_no_more_queries(
    api: APIClient, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        api.put(f"{ADDRESS}{hanging.artist('Max Bill').slug}/")
    with django_assert_max_num_queries(2):
        assert len(api.get(ADDRESS).json()["results"]) == number
