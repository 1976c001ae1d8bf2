"""What a page needs to show a work: plain values, so that a row or a cache may keep them."""

from typing import TypedDict

from django.urls import reverse

from generation.models import Artwork, Visibility


class Picture(TypedDict):
    """A work's picture in all its sizes. Of what is held back, all texts are empty.

    A work that has just been brought back has no address until its files are public again, but its placeholder.
    """

    src: str  # the address of one that every browser shows
    avif: str  # `srcset`, each width once, ascending
    webp: str
    width: int  # pixels of the original: the box's proportions
    height: int
    placeholder: str  # a WebP of 16 pixels in base64, seen until the picture has come


def picture_of(artwork: Artwork) -> Picture:
    """How a work is shown; its files have to be fetched before, or they cost a query."""
    if artwork.visibility == Visibility.HIDDEN:
        return _from_the_house(artwork)
    src = artwork.preview_url()
    return {
        "src": src,
        "avif": artwork.srcset("avif"),
        "webp": artwork.srcset("webp"),
        "width": artwork.width,
        "height": artwork.height,
        "placeholder": (artwork.placeholder or "") if src or artwork.visibility == Visibility.WALL else "",
    }


def _from_the_house(artwork: Artwork) -> Picture:
    """What was taken down has no public address; those who still see the work get it from the house."""
    src = reverse("work-picture", args=[artwork.pk]) + "?large"
    return {
        "src": src,
        "avif": "",
        "webp": "",
        "width": artwork.width,
        "height": artwork.height,
        "placeholder": artwork.placeholder or "",
    }
