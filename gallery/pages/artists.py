"""An artist's page; the artist alone sees what they have earned."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gallery.pages.visitors import person_of
from generation import selectors
from marketplace.accounts import selectors as accounts
from marketplace.core.errors import NotFound
from payments import selectors as payments

MOST = 60


def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Who they are and what of theirs hangs."""
    try:
        artist = accounts.artist_by_slug(slug)
    except NotFound as error:
        raise Http404 from error
    person = person_of(request)
    is_self = person is not None and artist.user_id == person.pk
    context = {
        "artist": artist,
        "works": selectors.wall().filter(artist=artist)[:MOST],
        "earnings": payments.earnings_of(artist.pk) if is_self else None,
    }
    return render(request, "gallery/artist.html", context)
