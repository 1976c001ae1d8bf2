"""An artist's page, where the artist alone sees what they have earned; and how one becomes an artist."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gallery.pages.answering import refused_as_pages
from gallery.pages.forms import ArtistForm, add_problem
from gallery.pages.visitors import MemberRequest, person_of
from generation import selectors
from marketplace.accounts import selectors as accounts
from marketplace.accounts import services
from marketplace.commissions import selectors as commissions
from marketplace.core.errors import AtelierError
from payments import selectors as payments

MOST = 60


def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Who they are and what of theirs hangs."""
    with refused_as_pages():
        artist = accounts.artist_by_slug(slug)
    person = person_of(request)
    is_self = person is not None and artist.user_id == person.pk
    terms = commissions.terms_of(artist)
    context = {
        "artist": artist,
        "takes_briefs": terms is not None and terms.is_open and not is_self,
        "works": selectors.wall().filter(artist=artist)[:MOST],
        "earnings": payments.earnings_of(artist.user) if is_self else None,
    }
    return render(request, "gallery/artist.html", context)


@login_required
def become(request: MemberRequest) -> HttpResponse:
    """The form by which one becomes an artist; an artist is led to their datasets."""
    if accounts.artist_of(request.user) is not None:
        return redirect("datasets")
    form = ArtistForm(request.POST or None, initial={"name": request.user.display_name})
    if request.method == "POST" and form.is_valid():
        try:
            services.become_artist(user=request.user, **form.cleaned_data)
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(request, "You are an artist of the house. Begin with a dataset.")
            return redirect("datasets")
    return render(request, "gallery/artist_new.html", {"form": form}, status=422 if form.errors else 200)
