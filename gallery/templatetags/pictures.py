"""How templates show works, shares and states."""

import re
from typing import Any
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gallery.selectors.engine_words import engine_words
from gallery.selectors.pictures import Picture, picture_of
from generation.models import Artwork
from marketplace.commissions.models import Commission

register = template.Library()

# Opaque to its edges, where a blur alone would fade; what is spread is a twentieth of the picture.
_BLUR = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d'>"
    "<filter id='b' primitiveUnits='objectBoundingBox' color-interpolation-filters='sRGB'>"
    "<feGaussianBlur stdDeviation='.05'/><feComponentTransfer><feFuncA type='discrete' tableValues='1 1'/>"
    "</feComponentTransfer></filter><image filter='url(#b)' width='100%%' height='100%%' preserveAspectRatio='none'"
    " href='data:image/webp;base64,%s'/></svg>"
)
_PLAIN = " !$()*+,-./:;=?@_~"  # what may stand in such an address, and between double quotes in a style

STATE_WORDS = {
    "awaiting_payment": (_("Awaiting payment"), "now"),
    "painting": (_("Being painted"), "now"),
    "held": (_("With a curator"), "now"),
    "proof": (_("Ready for your answer"), "now"),
    "accepted": (_("Settling"), "now"),
    "delivered": (_("Yours"), "good"),
    "declined": (_("Declined"), ""),
    "cancelled": (_("Cancelled"), ""),
    "failed": (_("Could not be painted"), "bad"),
    "expired": (_("Expired"), ""),
    "lapsed": (_("Lapsed"), "bad"),
}


@register.inclusion_tag("gallery/picture.html")
def picture(shown: Artwork | Picture, sizes: str, lazy: bool = True, alt: str = "") -> dict[str, Any]:
    """A work in as many sizes and formats as there are; the browser takes what suits it, and sees a blur until then.

    `shown` is the work, its files fetched, or what `gallery.selectors.pictures.picture_of` said of it (which may come
    out of a cache or a row; then say the `alt` too). The first of a page that is seen at once is not `lazy`.
    """
    if isinstance(shown, Artwork):
        alt = alt or describe(shown)
        shown = picture_of(shown)
    # A lazy picture's box is laid out before it loads: a browser that can measure it need not guess.
    blur = blurred(shown["placeholder"], shown["width"], shown["height"])
    return {**shown, "blur": blur, "sizes": f"auto, {sizes}" if lazy else sizes, "lazy": lazy, "alt": alt}


def blurred(placeholder: str, width: int, height: int) -> str:
    """A placeholder as an address: its few pixels run into each other, where a browser that enlarges shows squares.

    Nothing else does that to a background alone: CSS blurs an element whole, and the picture with it once it has come.
    """
    return quote(_BLUR % (width, height, placeholder), safe=_PLAIN) if placeholder else ""


@register.inclusion_tag("gallery/film.html")
def film(artwork: Artwork, sizes: str) -> dict[str, Any]:
    """A film to be played, or its poster for those who would rather have nothing move."""
    told = {"length": lasts(artwork), "n": artwork.frames}
    length = ngettext("%(length)s, %(n)s frame", "%(length)s, %(n)s frames", artwork.frames or 0) % told
    return picture(artwork, sizes, lazy=False) | {"film": artwork.film_url, "length": length}


@register.filter
def lasts(artwork: Artwork) -> str:
    """How long a film takes: 6 seconds, 0.5 seconds."""
    return ngettext("%(n)s second", "%(n)s seconds", 1 if artwork.duration_ms == 1000 else 2) % {
        "n": f"{artwork.seconds:.1f}".removesuffix(".0")
    }


@register.inclusion_tag("gallery/thumbnail.html")
def thumbnail(artwork: Artwork) -> dict[str, Any]:
    """A small square of a work, for lists."""
    src = artwork.thumbnail_url or artwork.preview_url() or reverse("work-picture", args=[artwork.pk])
    return {"src": src, "alt": describe(artwork)}


@register.simple_tag
def ratio(artwork: Artwork) -> str:
    """Width by height, for the wall's rows."""
    return f"{artwork.width / artwork.height:.4f}"


@register.filter
def percent(share: Any) -> str:
    """0.7 as 70 %."""
    return f"{round(float(share or 0) * 100)} %"


@register.filter
def code_words(text: str) -> SafeString:
    """A sentence in which `words between backticks` are set as code."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308  # escaped first


@register.filter
def state_words(commission: Commission) -> str:
    """A commission's state as its collector would say it."""
    return str(STATE_WORDS[_shown_state(commission)][0])


@register.filter
def tone(commission: Commission) -> str:
    """The badge's colour: something to do, good, bad, or nothing in particular."""
    return STATE_WORDS[_shown_state(commission)][1]


def _shown_state(commission: Commission) -> str:
    return "held" if commission.is_held else commission.state


@register.filter("described")
def describe(artwork: Artwork) -> str:
    """Words for those who do not see the picture."""
    hand = artwork.artist or artwork.style_artist
    said = {"title": artwork.display_title, "engine": engine_words(artwork.engine)}
    if artwork.is_film:
        said["length"] = lasts(artwork)
    if artwork.artist and hand:
        by = gettext("%(title)s by %(hand)s, made with %(engine)s")
        film_by = gettext("%(title)s by %(hand)s, a film of %(length)s, made with %(engine)s")
    elif hand:
        by = gettext("%(title)s in the style of %(hand)s, made with %(engine)s")
        film_by = gettext("%(title)s in the style of %(hand)s, a film of %(length)s, made with %(engine)s")
    else:
        by = gettext("%(title)s, made with %(engine)s")
        film_by = gettext("%(title)s, a film of %(length)s, made with %(engine)s")
    return (film_by if artwork.is_film else by) % (said | {"hand": hand.name if hand else ""})
