"""How the house runs: queues, workers, what is being made, and what went wrong. For staff."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.visitors import MemberRequest
from generation import services
from generation.selectors import operations
from marketplace.core import outbox
from marketplace.core.errors import AtelierError

BOARD = "gallery/operations_board.html"


@login_required
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    """The page; htmx asks every two seconds, and after each act, for its board alone."""
    _require_staff(request)
    response = render(request, BOARD if request.htmx else "gallery/operations.html", _board())
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def cancel(request: MemberRequest, job_id: UUID) -> HttpResponse:
    """Call a job off."""
    return _do(request, lambda: services.cancel_job(job_id=job_id), gettext("The job is called off."))


@require_POST
@login_required
def requeue(request: MemberRequest, job_id: UUID) -> HttpResponse:
    """Run a failed job again."""
    return _do(request, lambda: services.requeue_job(job_id=job_id), gettext("The job is queued again."))


def _do(request: MemberRequest, act: Callable[[], object], done: str) -> HttpResponse:
    _require_staff(request)
    try:
        act()
        messages.success(request, done)
    except AtelierError as error:
        messages.error(request, error.detail)
    return redirect("operations")


def _board() -> dict[str, Any]:
    return {
        "queues": operations.queue_states(),
        "workers": operations.worker_states(),
        "running": operations.running_jobs(),
        "failures": operations.last_failures(),
        "dead": operations.dead_letters(),
        "outbox": outbox.standing(),
        "failing_events": operations.failing_events(),
        "now": operations.clock(),
    }


def _require_staff(request: MemberRequest) -> None:
    if not request.user.is_staff:
        raise Http404
