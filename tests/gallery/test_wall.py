"""The wall: what hangs, in pages, by kind."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gallery.selectors.catalogue.query import PAGE
from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist
from marketplace.listings.services import publish_engine_listing
from tests.gallery import hanging
from tests.gallery.markup import Page, read
from tests.marketplace.accounts.people import curator


def hung(page: Page) -> list[str]:
    """The works on a page, in their order."""
    return [link["href"].split("/")[2] for link in page.all("a") if "hung" in link.get("class", "").split()]


def wall(client: Client, address: str = "/", **headers: str) -> Page:
    """What is seen of the wall once every card is drawn."""
    hanging.draw_cards()
    return read(client.get(address, headers=headers))


def test_an_empty_wall_says_so(client: Client, db: None) -> None:
    page = wall(client)
    assert "Nothing hangs here yet" in page.html


def test_a_work_is_shown_in_two_formats_with_words_and_its_size(client: Client, artwork: Artwork) -> None:
    page = wall(client)
    assert hung(page) == [str(artwork.pk)]
    [source] = page.all("source", type="image/avif")
    assert [part.split()[1] for part in source["srcset"].split(", ")] == ["480w", "960w"]
    [image] = page.all("img")
    assert (image["width"], image["height"]) == ("1200", "800")
    assert image["alt"] == "Ink River by Vera Molnár, made with flow field"
    assert image["srcset"].count(".webp") == 2


def test_the_first_picture_comes_at_once_and_the_others_when_one_scrolls(client: Client, artist: Artist) -> None:
    for _ in range(3):
        hanging.work(artist.user)
    loading = [image.get("loading") for image in wall(client).all("img")]
    assert loading == [None, "lazy", "lazy"]


def test_lazy_pictures_are_as_large_as_their_place(client: Client, artist: Artist) -> None:
    for _ in range(2):
        hanging.work(artist.user)
    page = wall(client)
    for images in (page.all("img"), page.all("source")):
        assert [image["sizes"].startswith("auto, ") for image in images] == [False, True]


@pytest.mark.parametrize(("engine", "address"), [("texture", "/engines/texture/commission/"), ("stylist", "/words/")])
def test_what_the_house_makes_of_ones_own_picture_is_offered_beside_its_kind(
    client: Client, artist: Artist, engine: str, address: str
) -> None:
    kind = f"/?engine={engine}"
    assert not wall(client, kind).all("a", **{"class": "button"}, href=address)
    publish_engine_listing(curator=curator(), artist=artist, engine=engine, price_amount=1200)
    page = wall(client, kind)
    assert page.all("a", **{"class": "button"}, href=address)
    assert "€12.00" in page.html
    assert not wall(client).all("a", **{"class": "button"}, href=address)


def test_what_is_private_or_taken_down_does_not_hang(client: Client, artist: Artist) -> None:
    now = timezone.now()
    hanging.work(artist.user, visibility=Visibility.PRIVATE, hung_at=None)
    hanging.work(artist.user, visibility=Visibility.HIDDEN, taken_down_at=now)
    assert hung(wall(client)) == []


def test_one_scrolls_through_everything_once_the_last_hung_first(client: Client, artist: Artist) -> None:
    now = timezone.now()
    works = [hanging.work(artist.user, hung_at=now - timedelta(minutes=n // 2)) for n in range(PAGE + 3)]
    expected = [str(work.pk) for work in sorted(works, key=lambda work: (work.hung_at, work.pk), reverse=True)]
    first = wall(client)
    [more] = [link for link in first.all("a") if "hx-get" in link]
    assert more["href"] == more["hx-get"]  # works without scripts too
    rest = read(client.get(more["hx-get"], headers={"HX-Request": "true"}))
    assert "<html" not in rest.html
    assert not [link for link in rest.all("a") if "hx-get" in link]
    assert hung(first) + hung(rest) == expected
    assert {image.get("loading") for image in rest.all("img")} == {"lazy"}  # they come below what one sees


def test_a_cursor_that_means_nothing_starts_from_the_beginning(client: Client, artwork: Artwork) -> None:
    assert hung(wall(client, "/?cursor=nonsense")) == [str(artwork.pk)]


def test_the_chips_are_the_engines_and_filter_the_wall(client: Client, artist: Artist) -> None:
    hanging.work(artist.user, engine="flow-field")
    reef = hanging.work(artist.user, engine="reaction-diffusion")
    page = wall(client)
    chips = {link["href"] for link in page.all("a") if link["href"].startswith("/?engine=")}
    assert chips == {"/?engine=flow-field", "/?engine=reaction-diffusion"}  # of others nothing hangs
    page = wall(client, "/?engine=reaction-diffusion")
    assert hung(page) == [str(reef.pk)]
    [current] = [link for link in page.all("a") if link.get("aria-current") == "true" and "engine=" in link["href"]]
    assert current["href"] == "/?engine=reaction-diffusion"


def test_the_filter_stays_while_one_scrolls(client: Client, artist: Artist) -> None:
    for _ in range(PAGE + 1):
        hanging.work(artist.user, engine="strange-attractor")
    hanging.work(artist.user, engine="flow-field")
    [more] = [link for link in wall(client, "/?engine=strange-attractor").all("a") if "hx-get" in link]
    assert len(hung(read(client.get(more["hx-get"], headers={"HX-Request": "true"})))) == 1


def test_of_an_unknown_engine_nothing_hangs(client: Client, artwork: Artwork) -> None:
    page = wall(client, "/?engine=crayon")
    assert (hung(page), "No work of this kind has been hung so far." in page.html) == ([], True)


@pytest.mark.parametrize("works", [2, 12])
def test_more_works_need_no_more_queries(
    client: Client, artist: Artist, works: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(works):
        hanging.work(artist.user)
    hanging.draw_cards()
    with django_assert_max_num_queries(8):  # the version, cards, kinds with their counts, what stands before
        read(client.get("/"))


def test_caches_know_that_fragments_differ_from_pages(client: Client, db: None) -> None:
    assert "HX-Request" in client.get("/").headers["Vary"]
