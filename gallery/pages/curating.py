"""What curators do on a work's own page: the same decisions as in the queue, kept, told and undone like those."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gallery.models import Verdict
from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.visitors import MemberRequest
from gallery.selectors.curating import require_curator
from gallery.services import curating

HERE = (Verdict.APPROVE, Verdict.HIDE, Verdict.FEATURE, Verdict.UNFEATURE)


@require_POST
@login_required
def decide(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Hang a work, take it down, put it forward, or no more."""
    with refused_as_pages():
        require_curator(request.user)
    verdict = request.POST.get("verdict", "")
    if verdict not in HERE:
        messages.error(request, _("Choose what to do."))
        return redirect("work", artwork_id)
    said = {
        Verdict.APPROVE: _("It hangs on the wall now. You can undo this."),
        Verdict.HIDE: _("It was taken down. You can undo this."),
        Verdict.FEATURE: _("It is featured now. You can undo this."),
        Verdict.UNFEATURE: _("It is featured no more. You can undo this."),
    }
    attempt(
        request, curating.decide, said[Verdict(verdict)], artwork_id=artwork_id, curator=request.user,
        verdict=Verdict(verdict), reason=request.POST.get("reason", ""), words=request.POST.get("words", ""),
    )  # fmt: skip
    return redirect("work", artwork_id)


@require_POST
@login_required
def undo(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Take the last decision about a work back."""
    said = _("Undone. It is as it was before.")
    attempt(request, curating.undo_last_decision, said, artwork_id=artwork_id, curator=request.user)
    return redirect("work", artwork_id)
