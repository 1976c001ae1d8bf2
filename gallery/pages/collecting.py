"""What one saved, and collections: one's own to arrange, others' to look at."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery import selectors, services
from gallery.models import Collection
from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.forms import add_problem
from gallery.pages.visitors import MemberRequest, VisitorRequest, person_of
from gallery.selectors import KeptPage
from marketplace.core.errors import AtelierError

MOST_ARRANGED = 500  # works that one arranges on one page; the API arranges all


class CollectionForm(forms.Form):
    """A collection's name, words, and whom it is for."""

    title = forms.CharField(max_length=120, label=gettext_lazy("Its name"))
    description = forms.CharField(
        max_length=2000, required=False, label=gettext_lazy("What it is about"), widget=forms.Textarea({"rows": 3})
    )
    is_public = forms.BooleanField(required=False, label=gettext_lazy("Everybody may see it, under your name"))


@login_required
@require_safe
@vary_on_headers("HX-Request")
def saved(request: MemberRequest) -> HttpResponse:
    """What one gave one's heart to, the last first."""
    shelf, page = selectors.saved_of(request.user), KeptPage([], "")
    if shelf is not None:
        page = selectors.works_in(shelf, request.user, after=request.GET.get("after", ""))
    template = "gallery/kept_items.html" if request.htmx else "gallery/saved.html"
    return render(request, template, {"page": page, "is_owner": True, "is_saved": True})


@login_required
def index(request: MemberRequest) -> HttpResponse:
    """One's collections, and the form for a new one."""
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_collection(owner=request.user, **form.cleaned_data)
        except AtelierError as error:
            add_problem(form, error)
        else:
            return redirect("collection-of-works", made.slug)
    mine = list(selectors.collections_of(request.user))
    cards = {card.pk: card for card in selectors.hanging(one.stands or one.first for one in mine)}  # type: ignore[attr-defined]  # annotated
    told = [(one, cards.get(one.stands or one.first)) for one in mine]  # type: ignore[attr-defined]  # annotated
    context = {"collections": told, "form": form}
    return render(request, "gallery/collections.html", context, status=422 if form.errors else 200)


@require_safe
@vary_on_headers("HX-Request")
def show(request: VisitorRequest, slug: str) -> HttpResponse:
    """A public collection, or one of one's own with what arranges it."""
    person = person_of(request)
    with refused_as_pages():
        collection = selectors.collection_by_slug(slug, person)
    is_owner = person is not None and collection.owner_id == person.pk
    limit = MOST_ARRANGED if "arrange" in request.GET and is_owner else 24
    page = selectors.works_in(collection, person, after=request.GET.get("after", ""), limit=limit)
    context = {"collection": collection, "page": page, "is_owner": is_owner, "form": _form(collection)}
    if "arrange" in request.GET and is_owner:
        return render(request, "gallery/collection_arranged.html", context)
    return render(request, "gallery/kept_items.html" if request.htmx else "gallery/collection_of_works.html", context)


@require_POST
@login_required
def change(request: MemberRequest, slug: str) -> HttpResponse:
    """Rename a collection, describe it, show it or hide it."""
    collection, form = _own(request, slug), CollectionForm(request.POST)
    if form.is_valid():
        kept: dict[str, Any] = {"owner": request.user, "collection_id": collection.pk, **form.cleaned_data}
        attempt(request, services.change_collection, _("Kept."), **kept)
        return redirect("collection-of-works", slug)
    page = selectors.works_in(collection, request.user)
    context = {"collection": collection, "page": page, "is_owner": True, "form": form}
    return render(request, "gallery/collection_of_works.html", context, status=422)


@require_POST
@login_required
def arrange(request: MemberRequest, slug: str) -> HttpResponse:
    """Put works into an order that a browser dragged them into, move one a place, choose the cover, or take one out."""
    own: dict[str, Any] = {"owner": request.user, "collection_id": _own(request, slug).pk}
    if order := request.POST.getlist("order"):
        attempt(request, services.reorder_collection, artwork_ids=[_known(one) for one in order], **own)
        return HttpResponse(status=204)
    artwork_id, act = _known(request.POST.get("work", "")), request.POST.get("act")
    if act in {"earlier", "later"}:
        steps = -1 if act == "earlier" else 1
        attempt(request, services.move_in_collection, artwork_id=artwork_id, steps=steps, **own)
    elif act == "cover":
        attempt(request, services.change_collection, _("It stands for the collection now."), cover=artwork_id, **own)
    elif act == "out":
        attempt(request, services.remove_from_collection, artwork_id=artwork_id, **own)
    return redirect(f"/collections/{slug}/?arrange#work-{artwork_id}")


@require_POST
@login_required
def delete(request: MemberRequest, slug: str) -> HttpResponse:
    """Take a collection apart."""
    own: dict[str, Any] = {"owner": request.user, "collection_id": _own(request, slug).pk}
    attempt(request, services.delete_collection, _("The collection is taken apart."), **own)
    return redirect("collections")


def _own(request: MemberRequest, slug: str) -> Collection:
    with refused_as_pages():
        collection = selectors.collection_by_slug(slug, request.user)
    if collection.owner_id != request.user.pk:
        raise Http404
    return collection


def _form(collection: Collection) -> CollectionForm:
    names = ("title", "description", "is_public")
    return CollectionForm(initial={name: getattr(collection, name) for name in names})


def _known(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
