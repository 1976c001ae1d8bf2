"""A series: what its model makes, its editions, and how they are sold."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import selectors
from gallery.pages.answering import refused_as_pages
from gallery.pages.shown_sales import shown
from gallery.pages.visitors import person_of
from marketplace.listings import selectors as listings

PAGE = 48


@require_safe
def show(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """The public page of a series; its editions by their numbers, the last first."""
    person = person_of(request)
    with refused_as_pages():
        release = listings.release_by_id(release_id, person)
    if not release.is_series:
        raise Http404
    editions = listings.editions_of(release)
    below = request.GET.get("below", "")
    if below.isascii() and below.isdigit() and len(below) < 9:
        editions = editions.filter(number__lt=int(below))
    found = list(editions[: PAGE + 1])
    cards = {card.pk: card for card in selectors.hanging(one.made_id for one in found if one.made_id)}
    context = {
        "release": release,
        "editions": [(one, cards.get(one.made_id)) for one in found[:PAGE]],
        "next": f"?below={found[PAGE - 1].number}" if len(found) > PAGE else "",
        "sales": list(shown(listings.sales_of_release(release), person)),
    }
    return render(request, "gallery/series.html", context)
