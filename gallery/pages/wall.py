"""The wall: what hangs, last hung first, as far as one scrolls."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.vary import vary_on_headers

from gallery.pages.visitors import VisitorRequest
from generation import selectors
from generation.engines import registry
from marketplace.commissions.ways import WORDS_ENGINE
from marketplace.listings.selectors import listing_of_engine, price_tags

PAGE = 24


@vary_on_headers("HX-Request")
def show(request: VisitorRequest) -> HttpResponse:
    """A page of the wall; htmx asks for the following ones."""
    engines = [engine for engine in registry.declarations() if engine.medium]
    chosen = next((engine for engine in engines if engine.name == request.GET.get("engine")), None)
    hung = selectors.wall()
    if chosen:
        hung = hung.filter(engine=chosen.name)
    works = list(selectors.wall_after(hung, _cursor(request))[: PAGE + 1])
    following = ""
    if len(works) > PAGE:
        query = {"after": str(works[PAGE - 1].pk)} | ({"engine": chosen.name} if chosen else {})
        following = f"{reverse('wall')}?{urlencode(query)}"
    context: dict[str, Any] = {"works": works[:PAGE], "next": following, "engines": engines, "chosen": chosen}
    context |= {"offered": listing_of_engine(chosen.name) if chosen else None, "words_engine": WORDS_ENGINE}
    context["tags"] = price_tags([work.pk for work in works[:PAGE]], settings.ATELIER.currency)
    return render(request, "gallery/wall_items.html" if request.htmx else "gallery/wall.html", context)


def _cursor(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None
