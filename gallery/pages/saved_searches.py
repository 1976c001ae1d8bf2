"""Searches that one keeps."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery import selectors, services
from gallery.models import Frequency
from gallery.pages.answering import attempt
from gallery.pages.visitors import MemberRequest
from gallery.selectors.matching import as_parameters, said_in
from marketplace.core.errors import InvalidInput

LONGEST_QUERY = 4_000


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """What one looks for, how often one is told, and what was found last."""
    context = {
        "searches": list(selectors.searches_of(request.user)), "frequencies": Frequency.choices,
        "found": selectors.last_found(request.user),
    }  # fmt: skip
    return render(request, "gallery/saved_searches.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Keep a search: its query is the address's own, or what the form was given."""
    if request.method in {"GET", "HEAD"}:
        return _asked(request)
    asked = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY].lstrip("?"))
    said = {"name": request.POST.get("name", ""), "frequency": request.POST.get("frequency") or Frequency.DAILY}
    attempt(
        request, services.save_search, _("The search is kept."), owner=request.user, query=dict(asked.lists()), **said
    )
    return redirect("saved-searches")


def _asked(request: MemberRequest) -> HttpResponse:
    """The form, which says what is looked for."""
    try:
        asked = as_parameters(dict(request.GET.lists()))
    except InvalidInput as error:
        raise Http404 from error
    context = {
        "query": urlencode(asked, doseq=True), "asked": asked, "frequencies": Frequency.choices,
        "name": ", ".join(said_in(asked))[:120], "usual": Frequency.DAILY,
    }  # fmt: skip
    return render(request, "gallery/saved_search_new.html", context)


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
