"""Works on other people's pages: what oEmbed answers, and the one page that may stand in a frame."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from gallery.pages.answering import refused_as_pages
from gallery.selectors.addresses import page_of, work_at
from gallery.selectors.oembed import oembed_of
from gallery.services.sharing import shared
from generation import selectors
from generation.models import Artwork, Visibility
from marketplace.core.middleware import FRAMED


@require_safe
@shared
def oembed(request: HttpRequest) -> HttpResponse:
    """`?url=` of a work's page; 404 where none hangs, 501 for formats but JSON.

    The protocol has 401 for what is private, which would tell that it is there.
    """
    if request.GET.get("format", "json") != "json":
        return _answered({"detail": gettext("Only JSON is answered.")}, 501)
    try:
        room = [_pixels(request.GET.get(name)) for name in ("maxwidth", "maxheight")]
    except ValueError:
        return _answered({"detail": gettext("maxwidth and maxheight are whole numbers of pixels, from one on.")}, 400)
    artwork_id = work_at(request.GET.get("url", ""))
    artwork = Artwork.objects.with_files().filter(pk=artwork_id).first() if artwork_id else None
    if artwork is None or artwork.visibility != Visibility.WALL or not artwork.preview_url():
        return _answered({"detail": gettext("No work of this house has this address.")}, 404)
    return _answered(oembed_of(artwork, most_width=room[0], most_height=room[1]))


@require_safe
@xframe_options_exempt
@shared
def embed(request: HttpRequest, artwork_id: UUID) -> HttpResponse:
    """A work that hangs, alone with its name: other sites may show it within their pages, and no other page of ours."""
    with refused_as_pages():
        artwork = selectors.artwork_by_id(artwork_id, None)
    response = render(
        request, "gallery/outward/embed.html", {"artwork": artwork, "work_url": page_of("work", artwork_id)}
    )
    setattr(response, FRAMED, True)
    return response


def _answered(data: dict[str, object], status: int = 200) -> HttpResponse:
    answer = JsonResponse(data, status=status)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _pixels(given: str | None) -> int | None:
    """Raises ValueError."""
    if given is None or given == "":
        return None
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 1 << 31:
        raise ValueError(given)
    return int(given)
