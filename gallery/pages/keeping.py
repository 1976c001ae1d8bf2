"""Saving works and following artists from the pages that show them; each is a form, which htmx sends where it can."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gallery import selectors, services
from gallery.pages.answering import attempt, refused_as_pages, uuid_in
from gallery.pages.visitors import MemberRequest
from gallery.templatetags.keeping import following_of
from generation import selectors as generation
from marketplace.artists import selectors as artists


@require_POST
@login_required
def save(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Give a work one's heart, or take it back, as the button says."""
    act = services.unsave_work if request.POST.get("heart") == "no" else services.save_work
    attempt(request, act, person=request.user, artwork_id=artwork_id)
    return _keeping(request, artwork_id)


@require_POST
@login_required
def collect(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Put a work into a collection of one's own, or take it out; or into a new one, which is named."""
    owner = request.user
    if title := request.POST.get("title", "").strip():
        attempt(request, services.begin_collection, owner=owner, title=title, artwork_id=artwork_id)
        return _keeping(request, artwork_id)
    for name, act in (("in", services.add_to_collection), ("out", services.remove_from_collection)):
        if collection_id := uuid_in(request.POST.get(name, "")):
            attempt(request, act, owner=owner, collection_id=collection_id, artwork_id=artwork_id)
    return _keeping(request, artwork_id)


@require_POST
@login_required
def seen(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """A browser tells that the page of a work has been open for some seconds."""
    agent = request.headers.get("User-Agent", "")
    services.note_view(person=request.user, artwork_id=artwork_id, user_agent=agent)
    return HttpResponse(status=204)


@require_POST
@login_required
def follow(request: MemberRequest, slug: str) -> HttpResponse:
    """Follow an artist."""
    return _follow(request, slug, services.follow_artist)


@require_POST
@login_required
def unfollow(request: MemberRequest, slug: str) -> HttpResponse:
    """Follow an artist no more."""
    return _follow(request, slug, services.unfollow_artist)


@login_required
@require_safe
def following(request: MemberRequest) -> HttpResponse:
    """Whom one follows."""
    return render(request, "gallery/following.html", {"follows": list(selectors.follows_of(request.user)[:500])})


def _follow(request: MemberRequest, slug: str, act: Callable[..., object]) -> HttpResponse:
    attempt(request, act, person=request.user, slug=slug)
    back = request.POST.get("back", "")
    back = back if is_ours(request, back) else "/following/"
    if not request.htmx:
        return redirect(back)
    with refused_as_pages():
        artist = artists.profile_of(slug).artist
    shown = following_of(request.user, artist, back, tells_how_many=request.POST.get("tells") == "how-many")
    return render(request, "gallery/follow.html", shown)


def _keeping(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    if not request.htmx:
        back = request.POST.get("back", "")
        return redirect(back) if is_ours(request, back) else redirect("work", artwork_id)
    with refused_as_pages():
        artwork = generation.artwork_by_id(artwork_id, request.user)
    context = {"artwork": artwork, "person": request.user, "kept": selectors.keeping_of(request.user, artwork_id)}
    return render(request, "gallery/keeping.html", context | {"said": _("Kept as you chose.")})


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether a form may lead back there: to a page of this house, and nowhere else."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()})
