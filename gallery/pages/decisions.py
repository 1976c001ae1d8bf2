"""The log of decisions, for curators: who decided what, when and why, and how it stands."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.models import Verdict
from gallery.pages.answering import refused_as_pages, uuid_in
from gallery.pages.visitors import MemberRequest
from gallery.selectors import decisions as selectors
from gallery.selectors.decisions import Sought
from generation import selectors as generation

PAGE = 40


@login_required
@require_safe
@never_cache
def index(request: MemberRequest) -> HttpResponse:
    """Newest first; a page goes on after the last that was seen, however long the log is."""
    sought = _sought(request)
    with refused_as_pages():
        found = selectors.decisions_log(request.user, sought)
        work = generation.artwork_by_id(sought.artwork, request.user) if sought.artwork else None
    if after := uuid_in(request.GET.get("after", "")):
        found = found.filter(pk__lt=after)
    shown = list(found[: PAGE + 1])
    kept = {name: str(value) for name, value in request.GET.items() if name in _NAMES and value}
    following = f"?{urlencode(kept | {'after': str(shown[PAGE - 1].pk)})}" if len(shown) > PAGE else ""
    context = {
        "decisions": shown[:PAGE], "next": following, "sought": sought, "work": work, "kept": kept,
        "verdicts": Verdict.choices, "people": selectors.curators(),
        "stands": [("standing", _("Standing")), ("undone", _("Undone"))],
    }  # fmt: skip
    return render(request, "gallery/decisions.html", context)


_NAMES = ("verdict", "stand", "curator", "work")


def _sought(request: HttpRequest) -> Sought:
    given = request.GET
    return Sought(
        verdict=given.get("verdict", ""), stand=given.get("stand", ""), curator=uuid_in(given.get("curator", "")),
        artwork=uuid_in(given.get("work", "")),
    )  # fmt: skip
