"""Searching what hangs: words, facets with counts, orders; a form without scripts, and quicker with them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gallery.pages.facet_words import GROUPS, how_many, label
from gallery.pages.visitors import VisitorRequest
from gallery.selectors.catalogue import Counted, Query, Sort, counted, facets, ranges, search
from gallery.selectors.looks import reads_meaning
from gallery.services.sharing import shared
from marketplace.accounts.models import Artist
from marketplace.core.errors import InvalidCursor, InvalidInput

MOST_SHOWN = 8  # values of a facet at once; the others are folded away
USUAL = {True: _("Best match"), False: _("Last hung")}  # with words and without
SORTS = [
    (Sort.NEW, _("Last hung")), (Sort.TRENDING, _("Trending")),
    (Sort.PRICE, _("Lowest price")), (Sort.DEAREST, _("Highest price")), (Sort.ENDING, _("Ending soon")),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet as it is shown."""

    value: str
    label: str
    count: str
    is_chosen: bool
    address: str  # of the search with it turned the other way


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet as it is shown."""

    name: str
    label: str
    values: list[Value]

    @property
    def first(self) -> list[Value]:
        return self.values[:MOST_SHOWN]

    @property
    def rest(self) -> list[Value]:
        return self.values[MOST_SHOWN:]

    @property
    def has_chosen(self) -> bool:
        return any(value.is_chosen for value in self.values)


@require_safe
@shared
def show(request: VisitorRequest) -> HttpResponse:
    """What is found; htmx asks for the results alone, or for the works that come after."""
    try:
        query = Query.parse(request.GET)
        page = search(query)
    except (InvalidInput, InvalidCursor) as error:
        told = {"refused": error, "query": Query(), "reads_meaning": reads_meaning()}
        return render(request, "gallery/search_page.html", told, status=error.status)
    # What is shown is counted, and goes on: that of the correction, where it was corrected.
    meant = replace(query, text=page.correction) if page.is_corrected else query
    context: dict[str, Any] = {"query": query, "cards": page.cards, "next": meant.at(page.next), "page": page}
    if request.htmx and query.cursor:
        return render(request, "gallery/card_items.html", context)
    found = counted(meant)
    total = found.pop(facets.EVERYTHING)
    names = {name for one in found.values() for name in one.by_facet} | query.chosen
    artists = _artists(names)
    context |= {
        "total": how_many(total.everything, is_exact=total.is_exact), "facets": _facets(meant, found, artists),
        "chips": _chips(query, artists), "currencies": ranges.currencies(),
        "corrected": replace(query, text=page.correction, cursor="").encoded(),
        "reads_meaning": reads_meaning(), "without_text": query.without_text().encoded(),
        "usual": USUAL[bool(query.text)], "sorts": SORTS if query.text else SORTS[1:],
    }  # fmt: skip
    return render(request, "gallery/search_found.html" if request.htmx else "gallery/search_page.html", context)


def _chips(query: Query, artists: dict[str, str]) -> list[tuple[str, str]]:
    """What it is narrowed to, each with the search without it."""
    chips = [(label(name, artists), query.toggled(name).encoded()) for name in sorted(query.chosen)]
    return chips + ([(str(query.priced), query.without_range().encoded())] if query.priced else [])


def _facets(query: Query, found: dict[str, Counted], artists: dict[str, str]) -> list[Facet]:
    """Every facet that has values, what is chosen among them."""
    shown = []
    for group, counts in found.items():
        values = dict(facets.values_in(group, counts.by_facet))
        values |= {
            facets.value_of(name): 0 for name in query.groups.get(group, []) if facets.value_of(name) not in values
        }
        if values:
            drawn = [_value(query, facets.facet(group, value), n, counts, artists) for value, n in values.items()]
            drawn.sort(key=lambda value: not value.is_chosen)
            shown.append(Facet(group, _heading(group), drawn))
    return shown


def _heading(group: str) -> str:
    """What a facet is called; prices are compared in the house's currency, and say so."""
    if group == "price":
        return gettext("Price, in %(currency)s") % {"currency": settings.ATELIER.currency.upper()}
    return str(GROUPS[group])


def _value(query: Query, name: str, count: int, counts: Counted, artists: dict[str, str]) -> Value:
    said = f"{count:,}" + ("" if counts.is_exact or not count else "+")
    address = query.toggled(name).encoded() or "?"
    return Value(facets.value_of(name), label(name, artists), said, name in query.chosen, address)


def _artists(names: Iterable[str]) -> dict[str, str]:
    slugs = [facets.value_of(name) for name in names if facets.group_of(name) == "artist"]
    return dict(Artist.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}
