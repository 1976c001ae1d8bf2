"""Searches that one keeps."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gallery import selectors, services
from gallery.models import Frequency
from gallery.pages.answering import attempt
from gallery.pages.visitors import MemberRequest

LONGEST_QUERY = 4_000


@login_required
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """What one looks for, how often one is told, and what was found last."""
    context = {
        "searches": list(selectors.searches_of(request.user)), "frequencies": Frequency.choices,
        "found": selectors.last_found(request.user),
    }  # fmt: skip
    return render(request, "gallery/saved_searches.html", context)


@require_POST
@login_required
def new(request: MemberRequest) -> HttpResponse:
    """Keep the search of the page that one comes from: `query` is its address's."""
    asked = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY].lstrip("?"))
    said = _("The search is kept. You will be told of new works once a day.")
    attempt(request, services.save_search, said, owner=request.user, query=dict(asked.lists()))
    return redirect("saved-searches")


@require_POST
@login_required
def change(request: MemberRequest, search_id: UUID) -> HttpResponse:
    """Another name, another frequency; or none of it any more."""
    own = {"owner": request.user, "search_id": search_id}
    if request.POST.get("act") == "delete":
        attempt(request, services.delete_search, _("The search is kept no more."), **own)
    else:
        given = {name: request.POST.get(name) for name in ("name", "frequency")}
        attempt(request, services.change_search, _("Kept."), **given, **own)
    return redirect("saved-searches")
