"""The wall: what hangs, last hung first, as far as one scrolls."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.pages.facet_words import engine_title
from gallery.pages.visitors import VisitorRequest
from gallery.selectors.catalogue import Page, Query, counted, facets, search
from gallery.selectors.ending import works_ending
from gallery.selectors.exhibitions import exhibitions_on_now, faces
from gallery.selectors.works import featured
from gallery.services.sharing import shared
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from marketplace.commissions.ways import WORDS_ENGINE
from marketplace.core.errors import InvalidCursor, InvalidInput
from marketplace.listings.selectors import listing_of_engine


@require_safe
@shared
def show(request: VisitorRequest) -> HttpResponse:
    """A page of the wall; htmx asks for the following ones."""
    query, page = _asked(request)
    context: dict[str, Any] = {"cards": page.cards, "next": query.at(page.next), "query": query}
    if request.htmx:
        return render(request, "gallery/card_items.html", context)
    chosen = next((facets.value_of(name) for name in query.groups.get("engine", [])), "")
    found = counted(Query())["engine"]
    context |= {
        # Only of what hangs, so that no chip leads to an empty wall.
        "engines": [(name, engine_title(name)) for name, _ in facets.values_in("engine", found.by_facet)],
        "chosen": chosen, "chosen_title": engine_title(chosen) if chosen else "",
        "offered": listing_of_engine(chosen) if chosen else None,
        "description": _description(chosen), "words_engine": WORDS_ENGINE,
    }  # fmt: skip
    if not chosen and not query.cursor:
        context |= {"featured": featured(), "on_now": faces(exhibitions_on_now()), "soon": works_ending()}
    return render(request, "gallery/wall.html", context)


def _asked(request: VisitorRequest) -> tuple[Query, Page]:
    """What is asked for with what is found; the whole wall where that makes no sense."""
    try:
        query = Query.parse(request.GET)
        return query, search(query)
    except (InvalidInput, InvalidCursor):
        return Query(), search(Query())


def _description(engine: str) -> str:
    try:
        return gettext(registry.declaration(engine).description)
    except UnknownEngine:
        return ""
