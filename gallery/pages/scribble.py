"""Scribbling: a board to draw on, drawings that it may mean, and whose style to have it painted in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from gallery.pages.engine_forms import EngineForm
from generation.engines.registry import declaration
from generation.engines.scribble.library import SOURCES
from marketplace.listings import selectors as listings

STYLES = 18  # offered; there are more on the wall
CHOICES = ("palette", "ground", "manner", "colours")


@require_safe
@ensure_csrf_cookie
def show(request: HttpRequest) -> HttpResponse:
    """The board. Anybody may draw; who wants the picture painted signs in, and finds the strokes again."""
    offered = listings.open_listings().filter(artwork__isnull=False).order_by("-artwork__hung_at", "-pk")
    context = {
        "form": EngineForm(engine=declaration("scribble"), first=CHOICES),
        "styles": offered.prefetch_related("artwork__files")[:STYLES],
        "sources": SOURCES.values(),
        "acceptance_days": settings.ATELIER.acceptance_days,
    }
    return render(request, "gallery/scribble.html", context)
