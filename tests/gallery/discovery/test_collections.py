"""What people keep: saved works, and collections of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from gallery import selectors, services
from gallery.models import Collection, CollectionItem
from gallery.services import collecting
from generation import services as generation
from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from tests.gallery.discovery.people import hang
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db
SAVED, COLLECTIONS = "/api/v1/favourites/", "/api/v1/collections/"


def create(api: APIClient, *works: Artwork, **more: Any) -> str:
    """A collection of these works, the last of them in front; its address."""
    made = api.post(COLLECTIONS, {"title": "Rivers"} | more, format="json")
    assert made.status_code == 201, made.json()
    address = f"{COLLECTIONS}{made.json()['id']}/"
    for work in works:
        assert api.put(f"{address}works/{work.pk}/").status_code == 204
    return address


def titles(api: APIClient, address: str) -> list[str]:
    return [kept["title"] for kept in api.get(f"{address}works/").json()["results"]]


@pytest.fixture
def works(painter: Artist) -> list[Artwork]:
    return [hang(painter.user, title=title) for title in ("One", "Two", "Three")]


def test_a_work_is_saved_once_and_the_last_stands_first(api: APIClient, works: list[Artwork]) -> None:
    assert api.get(SAVED).json() == {"next": None, "previous": None, "results": []}
    for work in [*works, works[0]]:
        assert api.put(f"{SAVED}{work.pk}/").status_code == 204
    assert [kept["title"] for kept in api.get(SAVED).json()["results"]] == ["Three", "Two", "One"]
    for _ in range(2):
        assert api.delete(f"{SAVED}{works[1].pk}/").status_code == 204
    assert [kept["title"] for kept in api.get(SAVED).json()["results"]] == ["Three", "One"]


def test_what_one_may_not_see_one_cannot_keep(api: APIClient, painter: Artist) -> None:
    private = hang(painter.user, visibility=Visibility.PRIVATE, hung_at=None)
    assert api.put(f"{SAVED}{private.pk}/").status_code == 404
    assert api.put(f"{create(api)}works/{private.pk}/").status_code == 404
    assert not CollectionItem.objects.exists()


def test_a_private_collection_is_nobody_elses(
    api: APIClient, works: list[Artwork], make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    address = create(api, *works)
    for other in (client_of(make_user()), APIClient()):
        assert other.get(address).status_code == 404
        assert other.get(f"{address}works/").status_code == 404
    assert api.get(address).json()["size"] == 3


def test_what_is_public_is_seen_by_all_and_changed_by_its_owner_alone(
    api: APIClient, works: list[Artwork], make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    address = create(api, *works, is_public=True)
    assert titles(APIClient(), address) == ["Three", "Two", "One"]
    stranger = client_of(make_user())
    work = f"{address}works/{works[0].pk}/"
    tries = [
        stranger.patch(address, {"title": "Mine"}, format="json"), stranger.delete(address), stranger.put(work),
        stranger.delete(work), stranger.put(f"{address}order/", {"works": []}, format="json"),
    ]  # fmt: skip
    assert [answer.status_code for answer in tries] == [404] * 5
    assert stranger.get(COLLECTIONS).json()["results"] == []
    assert APIClient().patch(address, {"title": "Mine"}, format="json").status_code == 401
    assert titles(api, address) == ["Three", "Two", "One"]


def test_a_work_that_is_taken_down_is_known_to_its_keeper_alone(api: APIClient, works: list[Artwork]) -> None:
    address = create(api, *works, is_public=True)
    generation.take_down_artwork(artwork_id=works[1].pk, curator=curator())
    assert titles(APIClient(), address) == ["Three", "One"]
    mine = api.get(f"{address}works/").json()["results"]
    assert [(kept["title"], kept["artwork"] is None) for kept in mine] == [
        ("Three", False), ("Two", True), ("One", False),
    ]  # fmt: skip


def test_works_are_put_in_order(api: APIClient, works: list[Artwork], painter: Artist) -> None:
    one, two, three = works
    address = create(api, *works)
    order = {"works": [str(one.pk), str(three.pk)]}
    assert api.put(f"{address}order/", order, format="json").status_code == 204
    assert titles(api, address) == ["One", "Three", "Two"]  # what is left out keeps its place behind them
    strange = {"works": [str(hang(painter.user).pk), str(two.pk)]}
    assert api.put(f"{address}order/", strange, format="json").status_code == 204
    assert titles(api, address) == ["Two", "One", "Three"]
    assert api.put(f"{address}order/", {"works": [str(one.pk)] * 2}, format="json").status_code == 422
    newest = hang(painter.user, title="Newest")
    api.put(f"{address}works/{newest.pk}/")
    assert titles(api, address) == ["Newest", "Two", "One", "Three"]


def test_a_work_moves_by_places_and_not_beyond_the_ends(api: APIClient, user: User, works: list[Artwork]) -> None:
    address = create(api, *works)
    collection = Collection.objects.get()
    for work, steps, expected in (
        (works[0], -1, ["Three", "One", "Two"]),
        (works[0], -5, ["One", "Three", "Two"]),
        (works[1], 1, ["One", "Three", "Two"]),
    ):
        services.move_in_collection(owner=user, collection_id=collection.pk, artwork_id=work.pk, steps=steps)
        assert titles(api, address) == expected


def test_a_collection_is_changed_and_its_address_stays(api: APIClient, works: list[Artwork], painter: Artist) -> None:
    address = create(api, *works)
    was = api.get(address).json()
    assert was["cover"] == str(works[2].pk)  # the first that hangs
    changed = api.patch(address, {"title": "  Streams ", "cover": str(works[0].pk)}, format="json").json()
    assert (changed["title"], changed["slug"], changed["cover"]) == ("Streams", was["slug"], str(works[0].pk))
    generation.take_down_artwork(artwork_id=works[0].pk, curator=curator())
    assert api.get(address).json()["cover"] == str(works[2].pk)
    stranger = str(hang(painter.user).pk)
    assert api.patch(address, {"title": "Seas", "cover": stranger}, format="json").status_code == 404
    assert api.patch(address, {"title": " "}, format="json").status_code == 422
    assert api.get(address).json()["title"] == "Streams"
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


def test_a_collection_is_paged_and_each_work_comes_once(api: APIClient, painter: Artist) -> None:
    address = create(api, *[hang(painter.user, title=f"No {n}") for n in range(5)])
    following, seen = f"{address}works/?page_size=2", []
    while following:
        page = api.get(following).json()
        seen += [kept["title"] for kept in page["results"]]
        following = page["next"]
    assert seen == ["No 4", "No 3", "No 2", "No 1", "No 0"]
    for nonsense in ("x", "1:", "99999999999999999999:1"):
        assert len(api.get(f"{address}works/", {"cursor": nonsense}).json()["results"]) == 5


def test_a_title_in_any_script_has_an_address(user: User) -> None:
    slugs = [services.create_collection(owner=user, title=title).slug for title in ("水墨 山河", "!!!", "A B")]
    assert [slug.rsplit("-", 1)[0] for slug in slugs] == ["水墨-山河", "collection", "a-b"]


def test_there_are_bounds(api: APIClient, works: list[Artwork], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_WORKS", 2)
    monkeypatch.setattr(collecting, "MOST_COLLECTIONS", 1)
    address = create(api, *works[:2])
    assert api.put(f"{address}works/{works[2].pk}/").status_code == 409
    assert api.put(f"{address}works/{works[0].pk}/").status_code == 204  # it is in it
    assert api.post(COLLECTIONS, {"title": "More"}, format="json").status_code == 409


def test_what_one_saved_can_never_be_public(user: User, painting: Artwork) -> None:
    services.save_work(person=user, artwork_id=painting.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.update(is_public=True)
    assert list(selectors.collections_of(user)) == []


@pytest.mark.parametrize("number", [1, 8])
def test_many_works_need_no_more_queries(
    api: APIClient, painter: Artist, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = create(api, *[hang(painter.user) for _ in range(number)])
    with django_assert_max_num_queries(6):
        assert len(api.get(f"{address}works/").json()["results"]) == number
    with django_assert_max_num_queries(2):
        api.get(COLLECTIONS)
