"""How a work is shown: in the sizes there are, with room kept for it, and a blur until it has come."""

from urllib.parse import quote

from django.template import Context, Template

from gallery.selectors.pictures import picture_of
from generation.models import Artwork, Visibility
from marketplace.core.storage import Bucket
from tests.gallery.markup import Page

TINY = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="


def drawn(template: str, **context: object) -> Page:
    return Page(Template("{% load pictures %}" + template).render(Context(context)))


def test_a_picture_has_its_size_its_widths_and_a_blur(artwork: Artwork) -> None:
    artwork.placeholder = TINY
    page = drawn('{% picture artwork sizes="50vw" %}', artwork=artwork)
    [image], [source] = page.all("img"), page.all("source")
    assert (image["width"], image["height"]) == ("1200", "800")
    assert (image["loading"], image["decoding"], image["sizes"]) == ("lazy", "async", "auto, 50vw")
    assert "fetchpriority" not in image
    assert image["style"].startswith('background-image:url("data:image/svg+xml,%3Csvg ')
    assert quote(TINY, safe="/+=") in image["style"]
    assert [part.split()[1] for part in image["srcset"].split(", ")] == ["480w", "960w"]
    assert (source["type"], source["srcset"].count("w, ")) == ("image/avif", 1)
    assert image["alt"].startswith("Ink River by Vera Molnár")


def test_the_first_picture_of_a_page_comes_first(artwork: Artwork) -> None:
    [image] = drawn('{% picture artwork sizes="50vw" lazy=0 %}', artwork=artwork).all("img")
    assert (image["fetchpriority"], image["sizes"]) == ("high", "50vw")
    assert "loading" not in image


def test_a_picture_that_a_row_keeps_looks_the_same(artwork: Artwork) -> None:
    artwork.placeholder = TINY
    fresh = drawn('{% picture shown sizes="9rem" alt="A river" %}', shown=artwork)
    kept = drawn('{% picture shown sizes="9rem" alt="A river" %}', shown=picture_of(artwork))
    assert fresh.html == kept.html


def test_of_what_nobody_may_see_not_even_the_blur_is_shown(artwork: Artwork) -> None:
    artwork.files.update(bucket=Bucket.PRIVATE.value)
    artwork.placeholder, artwork.visibility = TINY, Visibility.HELD
    shown = picture_of(artwork)
    assert (shown["src"], shown["webp"], shown["avif"], shown["placeholder"]) == ("", "", "", "")
    assert TINY not in drawn('{% picture artwork sizes="50vw" %}', artwork=artwork).html


def test_what_was_just_brought_back_has_its_blur_and_never_an_empty_address(artwork: Artwork) -> None:
    artwork.files.update(bucket=Bucket.PRIVATE.value)
    bare = drawn('{% picture artwork sizes="50vw" %}', artwork=artwork)
    assert ("on its way" in bare.html, bare.all("img")) == (True, [])
    artwork.placeholder = TINY
    for template in ('{% picture artwork sizes="50vw" %}', '{% film artwork sizes="50vw" %}'):
        [image] = drawn(template, artwork=artwork).all("img")
        assert image["src"].startswith("data:image/svg+xml,")
        assert (image["width"], image["height"]) == ("1200", "800")
