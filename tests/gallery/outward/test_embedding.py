"""Works on other people's pages, by the letter of oEmbed."""

import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist
from tests.gallery import hanging
from tests.gallery.markup import Page, read


def house() -> str:
    return str(settings.ATELIER.public_url).rstrip("/")


def asked(client: Client, artwork: Artwork, **more: Any) -> Any:
    return client.get("/oembed", {"url": f"{house()}/works/{artwork.pk}/", **more})


def test_a_picture_is_a_photo(client: Client, artwork: Artwork) -> None:
    answer = asked(client, artwork, format="json")
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (told["version"], told["type"], told["title"]) == ("1.0", "photo", "Ink River")
    assert (told["width"], told["height"]) == (960, 640)
    assert told["url"].startswith("http")
    assert told["author_url"] == f"{house()}/artists/vera-molnar/"
    assert (told["thumbnail_width"], told["thumbnail_height"]) == (160, 106)


@pytest.mark.parametrize(
    ("room", "size"),
    [({"maxwidth": 600}, (480, 320)), ({"maxwidth": 300}, (300, 200)), ({"maxheight": 100}, (150, 100)),
     ({"maxwidth": 1}, (1, 1)), ({"maxwidth": 5000, "maxheight": 5000}, (960, 640))],
)  # fmt: skip
def test_nothing_is_larger_than_there_is_room(
    client: Client, artwork: Artwork, room: dict[str, int], size: tuple[int, int]
) -> None:
    told = asked(client, artwork, **room).json()
    assert (told["width"], told["height"]) == size
    assert told.get("thumbnail_width", 0) <= room.get("maxwidth", 9999)
    assert told.get("thumbnail_height", 0) <= room.get("maxheight", 9999)


def test_a_film_is_a_page_in_a_frame(client: Client, artist: Artist) -> None:
    film = hanging.work(artist.user, title='A "film"', frames=8, duration_ms=800)
    told = asked(client, film, maxwidth=400, maxheight=300).json()
    assert (told["type"], told["width"], told["height"]) == ("rich", 342, 300)
    [frame] = Page(told["html"]).all("iframe")
    assert (frame["src"], frame["title"]) == (f"{house()}/works/{film.pk}/embed/", film.title)
    assert read(client.get(f"/works/{film.pk}/")).all("textarea", id="embed-code")


def test_what_cannot_be_answered_says_so(client: Client, artist: Artist, artwork: Artwork) -> None:
    private = hanging.work(artist.user, visibility=Visibility.PRIVATE, hung_at=None)
    hidden = hanging.work(artist.user, visibility=Visibility.HIDDEN, taken_down_at="2026-01-01T00:00Z")
    assert asked(client, artwork, format="xml").status_code == 501
    unknown = client.get("/oembed", {"url": f"{house()}/works/{uuid.UUID(int=7)}/"})
    for kept in (private, hidden):
        answer = asked(client, kept)
        assert (answer.status_code, answer.content) == (404, unknown.content)
    for width in ("wide", "0", "-3", "1.5", "٣"):
        assert asked(client, artwork, maxwidth=width).status_code == 400, width
    for url in ("", "nonsense", f"https://elsewhere.example/works/{artwork.pk}/", f"{house()}/artists/vera-molnar/"):
        assert client.get("/oembed", {"url": url}).status_code == 404, url


def test_the_embedded_page_and_no_other_may_stand_in_a_frame(client: Client, artwork: Artwork) -> None:
    framed, page = client.get(f"/works/{artwork.pk}/embed/"), client.get(f"/works/{artwork.pk}/")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    shown = read(framed)
    assert shown.all("a", href=f"{house()}/works/{artwork.pk}/", target="_blank")
    assert not shown.all("script")
    assert not framed.cookies
    Artwork.objects.filter(pk=artwork.pk).update(visibility="hidden", taken_down_at="2026-02-01T00:00Z")
    assert client.get(f"/works/{artwork.pk}/embed/").status_code == 404
