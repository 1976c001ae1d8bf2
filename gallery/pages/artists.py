"""An artist's page: who they are, what hangs, what they sell, and whether they take commissions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery import selectors as gallery
from gallery.pages.answering import refused_as_pages
from gallery.pages.artist_forms import PORTRAIT, ProfileForm
from gallery.pages.asked_pictures import pictures_given
from gallery.pages.forms import add_problem
from gallery.pages.shown_sales import shown
from gallery.pages.visitors import MemberRequest, person_of
from gallery.services.sharing import shared
from marketplace.artists import selectors, services
from marketplace.core.errors import AtelierError
from payments import selectors as payments

MOST = 60
TABS = ("series", "sold")  # besides what hangs


@require_safe
@shared
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Who they are, and what of theirs hangs and is for sale."""
    with refused_as_pages():
        profile = selectors.profile_of(slug)
    artist, person = profile.artist, person_of(request)
    is_self = person is not None and artist.user_id == person.pk
    tab = request.GET.get("show", "")
    cards = gallery.works_of(artist, limit=MOST + 1)
    context = {
        "tab": tab if tab in TABS else "",
        "series": list(gallery.series_of(artist)[:MOST]) if tab == "series" else [],
        "sold": gallery.sold_of(artist) if tab == "sold" else [],
        "profile": profile,
        "artist": artist,
        "is_self": is_self,
        "sales": list(shown(profile.sales, person)),
        "cards": cards[:MOST],
        "has_more": len(cards) > MOST,
        "earnings": payments.earnings_of(artist.user) if is_self else None,
    }
    return render(request, "gallery/artist.html", context)


@login_required
def change(request: MemberRequest) -> HttpResponse:
    """An artist changes what everybody reads of them, and their portrait."""
    with refused_as_pages():
        profile = selectors.Profile(selectors.shop_of(request.user).artist)
    artist = profile.artist
    initial = {"name": artist.name, "bio": artist.bio, "links": artist.links}
    form = ProfileForm(request.POST or None, initial=initial)
    asked = pictures_given([PORTRAIT], request.POST, request.user)
    if request.method == "POST" and form.is_valid() and not asked[0].errors:
        said = dict(form.cleaned_data)
        has_portrait = not said.pop("without_portrait")
        given = asked[0].given[0][0].pk if asked[0].given and has_portrait else None
        try:
            services.update_profile(
                artist_user=request.user, slug=artist.slug, portrait=given, has_portrait=has_portrait, **said
            )
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(request, gettext("Kept."))
            return redirect("artist", artist.slug)
    context = {"form": form, "asked": asked, "profile": profile, "artist": artist}
    return render(
        request, "gallery/artist_profile.html", context, status=422 if form.errors or asked[0].errors else 200
    )
