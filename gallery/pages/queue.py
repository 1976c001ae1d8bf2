"""The curators' queue: works that wait for a decision, one large at a time, or many at once."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from gallery.errors import CaseChanged, CaseClaimed
from gallery.models import Case, CaseState, Cause, Decision, Reason, Verdict
from gallery.pages.answering import attempt, refused_as_pages, uuid_in
from gallery.pages.chosen import chosen_for, engine_title
from gallery.pages.visitors import MemberRequest
from gallery.selectors import curating as selectors
from gallery.services import curating
from generation import selectors as generation
from generation.models import Artwork
from marketplace.accounts.models import User

PAGE = 48


@login_required
@require_safe
@never_cache
def index(request: MemberRequest) -> HttpResponse:
    """Everything that waits, to be looked at one by one, or chosen for one verdict."""
    chosen = _chosen(request)
    with refused_as_pages():
        cases = selectors.queue_of(request.user, **chosen)
        counts = selectors.counts_by_cause(request.user)
    context = {
        "cases": cases[:PAGE], "more": max(0, len(cases) - PAGE), "counts": counts,
        "causes": [(cause, counts[cause.value]) for cause in Cause], "orders": _orders(), "chosen": chosen,
        "today": selectors.decided_today(request.user), "now": timezone.now(),
        "query": _query(chosen), "reasons": Reason.choices, "lately": selectors.decided_lately(request.user),
    }  # fmt: skip
    return render(request, "gallery/queue.html", context)


@login_required
@require_GET
@never_cache
def show(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """One work, large, with all there is to know of it. Looking claims it for some minutes."""
    chosen = _chosen(request)
    with refused_as_pages():
        case = selectors.case_for(request.user, case_id)
        queue = selectors.queue_of(request.user, **chosen)
    claimed_by = _claim(request, case)
    following, previous = _neighbours(queue, case, request.user)
    lately = selectors.decided_lately(request.user)
    context: dict[str, Any] = {
        "case": selectors.case_for(request.user, case_id), "artwork": case.artwork, "claimed_by": claimed_by,
        "is_own": _is_own(case, request.user), "is_for_another": selectors.is_for_another(case, request.user),
        "flags": selectors.flags_of(case), "reports": selectors.reports_on(case.artwork),
        "appeal": selectors.appeal_on(case.artwork),
        "decisions": selectors.decisions_on(case.artwork),
        "history": selectors.history_of(case.artwork), "is_featured": selectors.is_featured(case.artwork_id),
        "following": following, "previous": previous, "last": lately[0] if lately else None,
        "query": _query(chosen), "place": _place(queue, case), "left": len(queue), "reasons": Reason.choices,
        "today": selectors.decided_today(request.user),
        "model": generation.model_of(case.artwork, request.user),
        "engine": engine_title(case.artwork), "chosen_for": list(chosen_for(case.artwork)),
    }  # fmt: skip
    return render(request, "gallery/case.html", context)


@login_required
@require_POST
def decide(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Decide, and go on to the next."""
    with refused_as_pages():
        case = selectors.case_for(request.user, case_id)
        following, _previous = _neighbours(selectors.queue_of(request.user, **_chosen(request)), case, request.user)
    verdict = request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        messages.error(request, _("Choose what to do."))
        return redirect(_address(request, case.pk))
    version = request.POST.get("version", "")
    decision: Decision | None = attempt(
        request, curating.decide, artwork_id=case.artwork_id, curator=request.user, verdict=Verdict(verdict),
        reason=request.POST.get("reason", ""), words=request.POST.get("words", ""),
        version=int(version[:9]) if version.isdecimal() else None,
    )  # fmt: skip
    if decision is None:
        return redirect(_address(request, case.pk))
    said = {"work": decision.artwork.display_title, "verdict": decision.get_verdict_display()}
    messages.success(request, _("“%(work)s”: %(verdict)s. You can undo this.") % said)
    case.refresh_from_db(fields=["state"])
    if case.state == CaseState.WAITING:
        return redirect(_address(request, case.pk))  # hidden or featured: the question is not answered yet
    return redirect(_address(request, following.pk) if following else f"{reverse('queue')}{_query(_chosen(request))}")


@login_required
@require_POST
def undo(request: MemberRequest, decision_id: UUID) -> HttpResponse:
    """Take a decision back, and show the work as it was."""
    undone = attempt(
        request, curating.undo_decision, _("Undone. It is as it was before."), decision_id=decision_id,
        curator=request.user,
    )  # fmt: skip
    if undone is not None and undone.case_id:
        return redirect(_address(request, undone.case_id))
    return redirect("queue")


@login_required
@require_POST
def many(request: MemberRequest) -> HttpResponse:
    """One verdict about all works that were ticked."""
    with refused_as_pages():
        curating.require_curator(request.user)
    verdict = request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        messages.error(request, _("Choose what to do."))
        return redirect("queue")
    chosen = [known for one in request.POST.getlist("artworks") if (known := uuid_in(one))]
    bulk = attempt(
        request, curating.decide_many, artwork_ids=chosen, curator=request.user, verdict=Verdict(verdict),
        reason=request.POST.get("reason", ""), words=request.POST.get("words", ""),
    )  # fmt: skip
    if bulk is not None:
        _tell_failures(request, bulk.failures)
        if done := bulk.asked - len(bulk.failures):
            said = ngettext("Done with %(done)d work.", "Done with %(done)d works.", done)
            messages.success(request, said % {"done": done})
    return redirect("queue")


@login_required
@require_POST
def undo_many(request: MemberRequest, bulk_id: UUID) -> HttpResponse:
    """Take one verdict about many back as one."""
    result = attempt(request, curating.undo_bulk, bulk_id=bulk_id, curator=request.user)
    if result is not None:
        _tell_failures(request, result[1])
        if not result[1]:
            messages.success(request, _("All of it is undone."))
    return redirect("queue")


def _claim(request: MemberRequest, case: Case) -> str:
    """Claim the case; the name of who has it, where that is another."""
    if not case.is_open or _is_own(case, request.user) or selectors.is_for_another(case, request.user):
        return ""
    try:
        curating.claim_case(case_id=case.pk, curator=request.user)
    except CaseClaimed as error:
        return str(error.data["claimed_by"])
    except CaseChanged:
        return ""
    return ""


def _neighbours(queue: list[Case], case: Case, curator: User) -> tuple[Case | None, Case | None]:
    """The case after this one, that nobody else looks at, and the one before; round the end of the queue."""
    if not queue:
        return None, None
    places = {other.pk: place for place, other in enumerate(queue)}
    at = places.get(case.pk)
    if at is None:
        return queue[0], None
    after = [*queue[at + 1 :], *queue[:at]]
    free = next((other for other in after if not other.claimed_by_other(curator)), None)
    return free, (queue[at - 1] if at else None)


def _place(queue: list[Case], case: Case) -> int:
    """The case's number in the queue, from 1; 0 where it is not in it."""
    return next((number for number, other in enumerate(queue, start=1) if other.pk == case.pk), 0)


def _is_own(case: Case, person: User) -> bool:
    artist = case.artwork.artist
    return person.pk in {case.artwork.maker_id, artist.user_id if artist else None}


def _tell_failures(request: HttpRequest, failures: list[dict[str, str]]) -> None:
    works = Artwork.objects.filter(pk__in=[one["artwork"] for one in failures])
    titles = {str(work.pk): work.display_title for work in works}
    for one in failures:
        messages.error(request, f"{titles.get(one['artwork'], one['artwork'])}: {one['detail']}")


def _chosen(request: HttpRequest) -> dict[str, str]:
    cause, order = request.GET.get("cause", ""), request.GET.get("order", "")
    return {
        "cause": cause if cause in Cause.values else "",
        "order": order if order in selectors.ORDERS else "",
    }


def _orders() -> list[tuple[str, str]]:
    return [("oldest", _("Oldest first")), ("reported", _("Most reported")), ("appeals", _("Appeals first"))]


def _query(chosen: dict[str, str]) -> str:
    kept = {name: value for name, value in chosen.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def _address(request: HttpRequest, case_id: UUID) -> str:
    return f"{reverse('case', args=[case_id])}{_query(_chosen(request))}"
