"""Facets as people read them: their names, and their values' names."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gallery.selectors.catalogue import facets
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from marketplace.core.languages import translated
from marketplace.core.money import Money

GROUPS: dict[str, Promise] = {
    "medium": gettext_lazy("Medium"),
    "engine": gettext_lazy("Made with"),
    "artist": gettext_lazy("Artist"),
    "colour": gettext_lazy("Colour"),
    "orientation": gettext_lazy("Shape"),
    "price": gettext_lazy("Price"),
    "currency": gettext_lazy("Currency"),
    "edition": gettext_lazy("Editions"),
    "licence": gettext_lazy("Licence"),
    "year": gettext_lazy("Year"),
    "sale": gettext_lazy("How it is sold"),
}
VALUES: dict[str, Promise] = {
    "medium:image": gettext_lazy("Pictures"),
    "medium:animation": gettext_lazy("Films"),
    "medium:video": gettext_lazy("Videos"),
    "medium:audio": gettext_lazy("Sound"),
    "medium:vector": gettext_lazy("Drawings"),
    "orientation:portrait": gettext_lazy("Upright"),
    "orientation:landscape": gettext_lazy("Wide"),
    "orientation:square": gettext_lazy("Square"),
    "edition:left": gettext_lazy("Some are left"),
    "licence:personal": gettext_lazy("Personal"),
    "licence:commercial": gettext_lazy("Commercial"),
    "licence:print": gettext_lazy("Print"),
    "sale:fixed": gettext_lazy("At a price"),
    "sale:english": gettext_lazy("By auction"),
    "sale:dutch": gettext_lazy("Falling price"),
    "colour:red": gettext_lazy("Red"),
    "colour:orange": gettext_lazy("Orange"),
    "colour:yellow": gettext_lazy("Yellow"),
    "colour:green": gettext_lazy("Green"),
    "colour:teal": gettext_lazy("Teal"),
    "colour:blue": gettext_lazy("Blue"),
    "colour:purple": gettext_lazy("Purple"),
    "colour:pink": gettext_lazy("Pink"),
    "colour:brown": gettext_lazy("Brown"),
    "colour:black": gettext_lazy("Black"),
    "colour:grey": gettext_lazy("Grey"),
    "colour:white": gettext_lazy("White"),
}


def label(name: str, artists: Mapping[str, str]) -> str:
    """What a facet's value is called; `artists` has their names by slug."""
    if name in VALUES:
        return str(VALUES[name])
    group, value = facets.group_of(name), facets.value_of(name)
    if group == "engine":
        return engine_title(value)
    if group == "artist":
        return artists.get(value, value)
    if group == "price":
        return _band(value)
    return value.upper() if group == "currency" else value.replace("-", " ").capitalize()


def engine_title(name: str) -> str:
    """An engine's title; one that was taken out of the house is called by its name."""
    try:
        return translated(registry.declaration(name).title)
    except UnknownEngine:
        return name.replace("-", " ").capitalize()


def how_many(count: int, *, is_exact: bool) -> str:
    """12 works, or 1,000+ works."""
    if is_exact:
        return ngettext("%(count)s work", "%(count)s works", count) % {"count": f"{count:,}"}
    return _("%(count)s+ works") % {"count": f"{count:,}"}


def _band(value: str) -> str:
    low, _dash, high = value.partition("-")
    if value not in facets.band_names():
        return value
    if high == "up":
        return _("%(least)s and more") % {"least": _whole(low)}
    if low == "0":
        return _("Below %(most)s") % {"most": _whole(high)}
    return _("%(least)s to %(most)s") % {"least": _whole(low), "most": _whole(high)}


def _whole(units: str) -> str:
    """€100, without cents."""
    currency = settings.ATELIER.currency
    decimals = Money(0, currency).decimals
    text = str(Money(int(units) * 10**decimals, currency))
    return text.removesuffix(f".{'0' * decimals}") if decimals else text
