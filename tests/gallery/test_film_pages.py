"""Films on the pages: posters on the wall, a film that plays on its own page, and a still picture for who wants one."""

import shutil
from pathlib import Path
from typing import Literal

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import sync_playwright

from generation.models import Artwork, ArtworkFile, FileRole, Visibility
from marketplace.accounts.models import Artist
from marketplace.core.storage import Bucket
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.generation import filming

CHROMIUM = shutil.which("chromium")


@pytest.fixture
def film(artist: Artist) -> Artwork:
    made = hanging.work(artist.user, title="Tide", engine="gan-walk", medium="animation", frames=120, duration_ms=6000)
    ArtworkFile.objects.create(
        artwork=made, role=FileRole.FILM, format="webp", width=640, height=427, bytes=1000, sha256="f" * 64,
        bucket=Bucket.PUBLIC.value, key="previews/tide.webp",
    )  # fmt: skip
    return Artwork.objects.get(pk=made.pk)


def test_the_wall_shows_a_films_poster_with_a_mark_and_nothing_that_moves(
    client: Client, film: Artwork, artwork: Artwork
) -> None:
    hanging.draw_cards()
    page = read(client.get("/"))
    assert page.html.count('class="film-mark"') == 1
    assert "6 seconds" in page.html
    assert film.film_url not in page.html
    assert film.preview_url() in page.html
    assert {image["alt"] for image in page.all("img")} == {
        "Tide by Vera Molnár, a film of 6 seconds, made with gan walk", "Ink River by Vera Molnár, made with flow field"
    }  # fmt: skip


def test_a_films_page_plays_it_where_motion_is_welcome_and_has_a_poster(client: Client, film: Artwork) -> None:
    page = read(client.get(f"/works/{film.pk}/"))
    moving, still = page.all("source")[:2]
    assert (moving["srcset"], moving["media"]) == (film.film_url, "(prefers-reduced-motion: no-preference)")
    assert still["type"] == "image/avif"
    assert page.all("a", href=film.film_url)  # without scripts
    assert [button for button in page.all("button") if "data-play" in button]
    assert "6 seconds, 120 frames" in page.html
    assert [script["src"] for script in page.all("script") if script.get("src", "").endswith("film.js")]
    assert page.all("meta", property="og:image")[0]["content"].endswith(f"/works/{film.pk}/share.jpg")


def test_a_picture_has_nothing_to_play(client: Client, artwork: Artwork) -> None:
    page = read(client.get(f"/works/{artwork.pk}/"))
    assert "film" not in page.html.replace("a film of", "").partition("<main")[2]


def test_a_held_film_is_not_shown(film: Artwork, client: Client) -> None:
    film.files.exclude(role=FileRole.ORIGINAL).update(bucket=Bucket.PRIVATE.value)
    Artwork.objects.filter(pk=film.pk).update(visibility=Visibility.HELD)
    assert Artwork.objects.get(pk=film.pk).film_url == ""
    read(client.get(f"/works/{film.pk}/"), 404)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)")
@pytest.mark.parametrize(("wish", "plays"), [("no-preference", True), ("reduce", False)])
def test_a_browser_plays_the_film_as_one_wishes_and_its_button_is_reached_by_keys(
    tmp_path: Path, wish: Literal["no-preference", "reduce"], plays: bool
) -> None:
    pictures = filming.frames(3, (32, 32))
    (tmp_path / "film.webp").write_bytes(filming.film(pictures, 100))
    pictures[0].save(tmp_path / "poster.webp")
    shown = {
        "film": "film.webp",
        "src": "poster.webp",
        "webp": "poster.webp 32w",
        "width": 32,
        "height": 32,
        "alt": "-",
    }
    script = "<script>gettext = (text) => text</script>"  # the house's catalogue of texts is elsewhere
    script += f'<script src="file://{finders.find("gallery/js/film.js")}"></script>'
    (tmp_path / "page.html").write_text("<!doctype html>" + script + render_to_string("gallery/film.html", shown))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(reduced_motion=wish)
        page.goto(f"file://{tmp_path}/page.html")
        page.keyboard.press("Tab")
        for moves in (plays, not plays, plays):
            name, words = ("film.webp", "Stop the film") if moves else ("poster.webp", "Play the film")
            page.wait_for_function("name => document.images[0].currentSrc.endsWith(name)", arg=name)
            assert page.inner_text("[data-play]") == words
            page.keyboard.press("Enter")
        browser.close()
