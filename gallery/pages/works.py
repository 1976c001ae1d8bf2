"""One work: large, with its recipe, and for curators the hooks it hangs on."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery import services as gallery
from gallery.models import Card
from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.chosen import engine_title
from gallery.pages.origins import origin_of
from gallery.pages.shown_sales import shown
from gallery.pages.visitors import MemberRequest, person_of
from gallery.selectors import works_of
from gallery.selectors.exhibitions import exhibitions_of
from gallery.selectors.standing import curation_of
from gallery.selectors.titles import may_retitle
from gallery.services.sharing import shared
from generation import selectors
from generation.models import Artwork
from marketplace.artists import selectors as artists
from marketplace.core.conditional import ASK_AGAIN
from marketplace.listings import selectors as listings
from marketplace.orders import selectors as orders

READ_FIRST = ("engine", "engine_version", "parameters", "seed", "inputs", "model_hash", "medium")
OTHERS = 8


@require_safe
@shared
def show(request: HttpRequest, artwork_id: UUID) -> HttpResponse:
    """The page of a work that this person may see; with `?original`, the original itself for who may have it."""
    person = person_of(request)
    with refused_as_pages():
        artwork = selectors.artwork_by_id(artwork_id, person)
    may_download = selectors.may_download(person, artwork)
    if "original" in request.GET and may_download:
        # Signed only now: an address written into the page would have lapsed by the time it is used.
        return redirect(selectors.original_url(artwork))
    context = {
        "artwork": artwork,
        "listing": listings.listing_of(artwork.pk),
        "sales": list(shown(listings.sales_of_artwork(artwork.pk), person)),
        "owned": orders.owned_of_artwork(person, artwork.pk) if person else [],
        "may_retitle": may_retitle(artwork, person),
        "may_sell": listings.is_issuable(artwork, person),
        "model": selectors.model_of(artwork, person),
        "is_verified": artwork.artist is not None and artists.profile_of(artwork.artist.slug).is_verified,
        "others": _others(artwork),
        "on_show": exhibitions_of(artwork.pk),
        "engine_title": engine_title(artwork),
        "recipe": json.dumps(_in_reading_order(artwork.public_recipe), indent=2, ensure_ascii=False),
        "may_download": may_download,
        **origin_of(artwork),
        "curation": curation_of(artwork, person),
    }
    answer = render(request, "gallery/work.html", context)
    if not artwork.preview_url():  # just brought back: its picture is on its way, and nobody is to keep a page without
        answer["Cache-Control"] = ASK_AGAIN
    return answer


@require_POST
@login_required
def retitle(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Give a work of one's own another title."""
    given = {"title": request.POST.get("title", ""), "by": request.user}
    attempt(request, gallery.retitle_work, gettext("It has its new title."), artwork_id=artwork_id, **given)
    return redirect("work", artwork_id)


def _in_reading_order(recipe: dict[str, Any]) -> dict[str, Any]:
    """The database keeps no order of keys; people look for the engine and the choices first, machines do not mind."""
    first = {name: recipe[name] for name in READ_FIRST if name in recipe}
    return first | recipe


def _others(artwork: Artwork) -> list[Card]:
    """More of its artist's that hangs."""
    return works_of(artwork.artist, but=artwork.pk, limit=OTHERS) if artwork.artist else []
