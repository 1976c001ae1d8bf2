"""The curators' review queue: what the moderation gate held back, to be looked at, cleared, refused, and undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.visitors import MemberRequest
from gallery.services import curating
from generation import selectors, services
from generation.models import Review, ReviewState
from generation.models.moderation import ReviewQuerySet

PAGE = 12
LATELY = 12


@login_required
@require_safe
@never_cache
def index(request: MemberRequest) -> HttpResponse:
    """What waits, longest waiting first, and below it what was decided lately."""
    reviews = _reviews(request)
    waiting = Paginator(reviews.filter(state=ReviewState.WAITING).order_by("id"), PAGE)
    page = waiting.get_page(request.GET.get("page"))
    context = {
        "waiting": page,
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
        "decided": reviews.exclude(state=ReviewState.WAITING).order_by("-decided_at")[:LATELY],
        "may_decide": request.user.is_curator,
    }
    return render(request, "gallery/reviews.html", context)


@login_required
@require_safe
@never_cache
def picture(request: MemberRequest, review_id: UUID) -> HttpResponse:
    """The picture itself: signed only now, so that an address that is passed on has lapsed."""
    with refused_as_pages():
        review = selectors.review_by_id(review_id, request.user)
    return redirect(selectors.review_picture_url(review))


@login_required
@require_POST
def clear(request: MemberRequest, review_id: UUID) -> HttpResponse:
    """Let a picture pass."""
    note = request.POST.get("note", "")
    return _decide(
        request, curating.clear_review, gettext("It is cleared. You can undo this."), review_id=review_id, note=note
    )


@login_required
@require_POST
def refuse(request: MemberRequest, review_id: UUID) -> HttpResponse:
    """Keep a picture from everybody."""
    said = gettext("It is refused, and nobody is shown it. You can undo this.")
    return _decide(request, curating.refuse_review, said, review_id=review_id, note=request.POST.get("note", ""))


@login_required
@require_POST
def undo(request: MemberRequest, review_id: UUID) -> HttpResponse:
    """Take a decision back."""
    return _decide(request, services.undo_review, gettext("Undone. The picture waits again."), review_id=review_id)


def _decide(request: MemberRequest, act: Callable[..., Review], said: str, **details: Any) -> HttpResponse:
    attempt(request, act, said, curator=request.user, **details)
    return redirect("reviews")


@refused_as_pages()
def _reviews(request: MemberRequest) -> ReviewQuerySet:
    return selectors.reviews_for(request.user)
