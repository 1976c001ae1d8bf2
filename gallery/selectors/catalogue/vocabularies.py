"""What a facet's value may be: where a vocabulary is fixed the values that there are, whether a card has them."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.models import Orientation
from gallery.selectors.catalogue import facets
from generation.engines.base import Medium
from generation.engines.looks.declarations import FAMILIES
from marketplace.listings.models import Licence, SaleKind

_VALUE = re.compile(r"[\w. -]{1,80}")
_YEAR = re.compile(r"[0-9]{4}")
# Engines leave the house and artists come: theirs are open, and one that nobody knows finds nothing.
_KNOWN: Mapping[str, Callable[[], Iterable[str]]] = {
    "medium": lambda: get_args(Medium),
    "colour": lambda: FAMILIES,
    "orientation": lambda: Orientation.values,
    "price": facets.band_names,
    "currency": lambda: sorted({*settings.ATELIER.currencies, settings.ATELIER.currency}),
    "edition": lambda: ("left",),
    "licence": lambda: Licence.objects.values_list("code", flat=True),
    "sale": lambda: SaleKind.values,
}


def problems_of(group: str, values: Iterable[str]) -> list[str]:
    """What is wrong with values of one group, in words that name what is allowed; nothing where all may be."""
    values = list(values)
    if not all(_VALUE.fullmatch(value) for value in values):
        return [_("There is no such value.")]
    if group == "year" and not all(_YEAR.fullmatch(value) for value in values):
        return [_("A year of four digits.")]
    if not values or group not in _KNOWN:
        return []
    known = list(_KNOWN[group]())
    return [] if set(values) <= set(known) else [_("One of: %(known)s.") % {"known": ", ".join(known)}]
