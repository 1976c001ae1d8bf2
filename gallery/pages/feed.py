"""The feed, what is new for one, and what ends soon."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery import selectors, services
from gallery.pages.answering import attempt, uuid_in
from gallery.pages.shown_sales import SaleShown, shown
from gallery.pages.visitors import MemberRequest, VisitorRequest, person_of
from gallery.services.sharing import shared


@login_required
@require_safe
@vary_on_headers("HX-Request")
def show(request: MemberRequest) -> HttpResponse:
    """What the artists whom one follows hang and sell."""
    page = selectors.feed_of(request.user, after=request.GET.get("after", ""))
    news = [(one, SaleShown(one.sale, request.user) if one.sale else None) for one in page.news]
    template = "gallery/feed_items.html" if request.htmx else "gallery/feed.html"
    follows = selectors.follows_of(request.user).exists()
    return render(request, template, {"news": news, "next": page.next, "follows_somebody": follows})


@login_required
@require_safe
def for_you(request: MemberRequest) -> HttpResponse:
    """Works that one has not seen, each with its reason."""
    context = {
        "suggestions": selectors.suggestions_for(request.user),
        "dismissed": list(selectors.dismissed_reasons(request.user)),
    }
    return render(request, "gallery/for_you.html", context)


@require_POST
@login_required
def dismiss(request: MemberRequest) -> HttpResponse:
    """No to a suggestion, or to more of its like; or yes again."""
    person, said = request.user, request.POST
    if said.get("reason"):
        told = _("You will see less of this for ninety days.")
        attempt(request, services.dismiss_reason, told, person=person, key=said["reason"])
    elif said.get("again", "").isascii() and said.get("again", "").isdigit() and len(said["again"]) < 19:
        attempt(request, services.undo_dismissal, person=person, dismissal_id=int(said["again"]))
    elif artwork_id := uuid_in(said.get("work", "")):
        attempt(request, services.dismiss_work, person=person, artwork_id=artwork_id)
        if request.htmx:
            return HttpResponse()  # its place on the page is empty
    return redirect("for-you")


@require_safe
@shared
def ending(request: VisitorRequest) -> HttpResponse:
    """Auctions and sales that close soon, and drops that open."""
    person = person_of(request)
    context = {
        "ending": list(shown(selectors.ending_soon(), person)), "opening": list(shown(selectors.opening_soon(), person))
    }  # fmt: skip
    return render(request, "gallery/ending.html", context)
