"""One answer for all, that is right after an edit: kept under the catalogue's version, told apart by ETags."""

import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gallery import services
from generation.models import Artwork
from generation.services import take_down_artwork
from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Price
from tests.gallery import hanging
from tests.gallery.catalogue import selling
from tests.marketplace.accounts.people import curator

API = "/api/v1/catalogue/"


@pytest.fixture
def work(artwork: Artwork) -> Artwork:
    """A work that hangs and is for sale."""
    selling.at(artwork, 4800)
    hanging.draw_cards()
    return artwork


def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(API + query).json()["results"]
    return found


def test_the_second_reader_gets_what_the_first_had_built(
    client: Client, work: Artwork, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in (API, f"{API}?engine=flow-field&sort=price", "/", "/search/?q=ink", "/api/v1/catalogue/facets/"):
        first = client.get(address)
        with django_assert_num_queries(1), patch("gallery.selectors.catalogue.searching._page") as built:
            second = Client().get(address)  # the catalogue's version is asked for, and nothing else
        assert not built.called
        assert (second.content, second.headers["ETag"]) == (first.content, first.headers["ETag"])
        assert not second.cookies
        assert not first.cookies


def test_whatever_order_the_parameters_have_it_is_one_answer(client: Client, work: Artwork) -> None:
    client.get(f"{API}?engine=flow-field&medium=image")
    with patch("gallery.selectors.catalogue.searching._page") as built:
        assert client.get(f"{API}?medium=image&engine=flow-field&q=").status_code == 200
    assert not built.called


def test_of_a_parameter_given_twice_the_last_counts_for_the_next_reader_too(
    client: Client, work: Artwork, artist: Artist
) -> None:
    hanging.work(artist.user, title="Veil")
    hanging.draw_cards()
    for first, last in (("veil", "ink"), ("ink", "veil")):
        assert [one["title"].split()[0].lower() for one in listed(client, f"?q={first}&q={last}")] == [last]


def test_who_has_it_already_is_told_so(client: Client, work: Artwork) -> None:
    first = client.get(API)
    for given in (first.headers["ETag"], f'"x", W/{first.headers["ETag"]}', "*"):
        again = client.get(API, headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(API, headers={"If-None-Match": '"x"'}).status_code == 200
    assert not first.headers["ETag"].startswith("W/")
    assert "public" in first.headers["Cache-Control"]
    assert "stale-while-revalidate" in first.headers["Cache-Control"]
    assert first.headers["Vary"] == "Accept-Language"


def test_the_next_read_shows_a_price_that_was_edited(client: Client, work: Artwork) -> None:
    assert listed(client)[0]["sale"]["amount"] == 4800
    tag = client.get(API).headers["ETag"]
    Price.objects.update(amount=5200)
    services.refresh_cards([work.pk])
    assert listed(client)[0]["sale"]["amount"] == 5200
    assert client.get(API, headers={"If-None-Match": tag}).status_code == 200
    assert "€52.00" in client.get("/").content.decode()


def test_no_read_shows_what_was_taken_down(client: Client, work: Artwork) -> None:
    assert len(listed(client)) == 1
    assert "Ink River" in client.get("/").content.decode()
    take_down_artwork(artwork_id=work.pk, curator=curator())
    assert listed(client) == []
    assert "Ink River" not in client.get("/").content.decode()


def test_the_next_read_shows_a_new_work(client: Client, work: Artwork, artist: Artist) -> None:
    assert len(listed(client)) == 1
    hanging.work(artist.user)
    hanging.draw_cards()
    assert len(listed(client)) == 2


def test_whoever_is_signed_in_gets_their_own_page(client: Client, work: Artwork, visitor: Client, user: User) -> None:
    client.get("/")
    own = visitor.get("/")
    assert user.name in own.content.decode()
    assert "private" in own.headers["Cache-Control"]
    assert user.name not in client.get("/").content.decode()
    assert "Cookie" in client.get("/").headers["Vary"]


def test_a_works_answer_is_shared_with_all_but_whom_it_belongs_to(
    client: Client, work: Artwork, artist: Artist, signed_in: Callable[[User], Client]
) -> None:
    address = f"/api/v1/artworks/{work.pk}/"
    assert client.get(address).json()["original_url"] is None
    assert client.get(address).headers["ETag"]
    own = signed_in(artist.user).get(address)
    assert own.json()["original_url"]
    assert own.headers["Cache-Control"] == "private, no-cache"
    assert client.get(address).json()["original_url"] is None
    take_down_artwork(artwork_id=work.pk, curator=curator())
    assert client.get(address).status_code == 404


def test_fragments_and_languages_are_kept_apart(client: Client, work: Artwork) -> None:
    whole = client.get("/").content
    part = client.get("/", headers={"HX-Request": "true"}).content
    assert b"<html" in whole
    assert b"<html" not in part
    assert 'lang="zh-Hans"' in client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert client.get("/").content == whole


def test_the_api_says_what_is_wrong_with_a_question(client: Client, db: None) -> None:
    refusals = [
        ("?sort=best", 422, "invalid-input"), ("?cursor=nonsense", 400, "invalid-cursor"),
        ("?q=" + "x" * 300, 422, "invalid-input"),
    ]  # fmt: skip
    for query, status, code in refusals:
        answer = client.get(API + query)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert client.get("/search/?cursor=nonsense").status_code == 400
    assert client.get("/search/?sort=best").status_code == 422


def test_a_list_is_what_the_cards_say(client: Client, work: Artwork) -> None:
    [card] = listed(client)
    assert (card["id"], card["title"], card["artist"]["name"]) == (str(work.pk), "Ink River", "Vera Molnár")
    assert card["picture"]["width"] == 1200
    assert card["sale"] | {"ends_at": None} == {
        "kind": "fixed", "amount": 4800, "currency": "eur", "prices": {"eur": 4800}, "has_others": False,
        "is_bid": False, "editions_left": 5, "opens_at": None, "ends_at": None, "licences": ["personal"],
    }  # fmt: skip
    facets = client.get(f"{API}facets/?engine=flow-field").json()
    assert (facets["total"], facets["is_exact"]) == (1, True)
    assert facets["facets"]["price"] == [{"value": "25-100", "count": 1, "is_exact": True}]
    assert json.dumps(facets["facets"]["engine"]) == '[{"value": "flow-field", "count": 1, "is_exact": true}]'


@pytest.mark.parametrize("works", [2, 12])
def test_more_works_need_no_more_queries(
    client: Client, artist: Artist, works: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(works):
        hanging.work(artist.user)
    hanging.draw_cards()
    reads: list[tuple[str, int]] = [(API, 2), ("/search/?medium=image", 11), (f"{API}facets/?medium=image", 8)]
    for address, most in reads:
        with django_assert_max_num_queries(most):
            client.get(address)


def test_the_page_searches_without_scripts(client: Client, artist: Artist, make_user: Callable[..., User]) -> None:
    for title, engine in (("Ink River", "flow-field"), ("Harbour", "texture")):
        hanging.work(artist.user, title=title, engine=engine)
    hanging.draw_cards()
    page = client.get("/search/?q=river&engine=flow-field").content.decode()
    assert "Ink River" in page
    assert "Harbour" not in page.split('id="found"')[1]
    assert 'href="/search/?q=river"' in page  # the chip that takes the engine away
    assert '<input type="hidden" name="engine" value="flow-field">' in page
    nothing = client.get("/search/?q=river&engine=texture").content.decode()
    assert "Nothing like this hangs here" in nothing
    corrected = client.get("/search/?q=rivre").content.decode()
    assert "These are for <strong>“river”</strong>" in corrected
    assert "Ink River" in corrected
