"""Datasets on pages: an artist begins one, fills it with pictures, looks through them, and closes it for learning."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.forms import DatasetForm, add_problem
from gallery.pages.visitors import MemberRequest
from generation import selectors, services
from generation.models import ArchiveState, Consent, Dataset, DatasetState, PictureState, Split
from generation.services.archives import SUFFIXES
from generation.services.cleaning import MEDIA_TYPES
from generation.services.datasets import FEWEST, MOST
from marketplace.core.errors import AtelierError

PAGE, COVERS, LISTED = 60, 4, 12
FILTERS = {"state": PictureState.values, "split": Split.values}


@login_required
def index(request: MemberRequest) -> HttpResponse:
    """One's datasets, newest first, and a form for another; others are told how to become an artist."""
    if getattr(request.user, "artist", None) is None:
        return redirect("artist-become")
    form = DatasetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            dataset = services.create_dataset(owner=request.user, **form.cleaned_data)
            return redirect("dataset", dataset.pk)
        except AtelierError as error:
            add_problem(form, error)
    page = Paginator(selectors.datasets_of(request.user), LISTED).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "datasets": [(dataset, selectors.covers_of(dataset, COVERS)) for dataset in page],
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "gallery/datasets.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def show(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """One dataset; htmx asks for other pages of its pictures."""
    dataset = _mine(request, dataset_id)
    pictures = _pictures(request, dataset)
    if request.htmx and request.GET.get("seen") == pictures["moment"]:
        return HttpResponse(status=204)
    if request.htmx:
        return render(request, "gallery/dataset_pictures.html", pictures)
    return render(request, "gallery/dataset.html", _state(dataset) | pictures | _upload())


@login_required
@require_safe
def state(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """What the page asks again and again: nothing new, or how it stands by now."""
    context = _state(_mine(request, dataset_id))
    if request.GET.get("seen") == context["moment"]:
        return HttpResponse(status=204)
    response = render(request, "gallery/dataset_state.html", context)
    response["HX-Trigger-After-Settle"] = "pictures-changed"
    return response


@login_required
@require_POST
def describe(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """Change a draft's name or description."""
    dataset = _mine(request, dataset_id)
    said = {name: request.POST.get(name, "") for name in ("name", "description")}
    if dataset.version > 1:
        del said["name"]
    return _do(request, services.describe_dataset, gettext("It is changed."), dataset_id=dataset_id, **said)


@login_required
@require_POST
def freeze(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """Close it and have it packed."""
    return _do(request, services.freeze_dataset, gettext("It is closed, and being packed."), dataset_id=dataset_id)


@login_required
@require_POST
def revise(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """Begin the next version, and go there."""
    return _do(request, services.revise_dataset, gettext("This is the next version."), dataset_id=dataset_id)


@login_required
@require_POST
def withdraw(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """Let nothing more be learnt from it."""
    return _do(
        request, services.withdraw_dataset, gettext("It is withdrawn. You can undo this."), dataset_id=dataset_id
    )


@login_required
@require_POST
def restore(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """Bring a withdrawn dataset back, with the models that went with it."""
    return _do(request, services.restore_dataset, gettext("It is back."), dataset_id=dataset_id)


@login_required
@require_POST
def delete(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """Delete it with all that is in it."""
    answer = _do(request, services.delete_dataset, gettext("It is deleted."), dataset_id=dataset_id)
    is_gone = not selectors.datasets_of(request.user).filter(pk=dataset_id).exists()
    return redirect("datasets") if is_gone else answer


@login_required
@require_POST
def clear(request: MemberRequest, dataset_id: UUID) -> HttpResponse:
    """Take out all pictures in one state that cannot be used."""
    state = request.POST.get("state", "")
    return _do(request, services.remove_pictures, gettext("They are taken out."), dataset_id=dataset_id, state=state)


@login_required
@require_POST
def keep(request: MemberRequest, dataset_id: UUID, picture_id: UUID) -> HttpResponse:
    """Use a picture although it is like another one."""
    return _do_to_picture(request, services.keep_picture, gettext("It is kept."), dataset_id, picture_id)


@login_required
@require_POST
def remove(request: MemberRequest, dataset_id: UUID, picture_id: UUID) -> HttpResponse:
    """Take a picture out."""
    return _do_to_picture(request, services.remove_picture, gettext("It is taken out."), dataset_id, picture_id)


def _do(request: MemberRequest, act: Callable[..., Any], said: str, *, dataset_id: UUID, **more: Any) -> HttpResponse:
    result = attempt(request, act, said, dataset_id=dataset_id, owner=request.user, **more)
    return redirect("dataset", result.pk if isinstance(result, Dataset) else dataset_id)


def _do_to_picture(
    request: MemberRequest, act: Callable[..., Any], said: str, dataset_id: UUID, picture_id: UUID
) -> HttpResponse:
    """Do it; the grid is then drawn anew where it is shown, with what could not be done said in it."""
    if not request.htmx:
        return _do(request, act, said, dataset_id=dataset_id, picture_id=picture_id)
    trouble = ""
    try:
        act(dataset_id=dataset_id, picture_id=picture_id, owner=request.user)
    except AtelierError as error:
        trouble = error.detail
    pictures = _pictures(request, _mine(request, dataset_id))
    response = render(request, "gallery/dataset_pictures.html", pictures | {"trouble": trouble})
    response["HX-Trigger"] = "dataset-changed"
    return response


@refused_as_pages()
def _mine(request: MemberRequest, dataset_id: UUID) -> Dataset:
    return selectors.dataset_by_id(dataset_id, request.user)


def _state(dataset: Dataset) -> dict[str, Any]:
    """What is in it, and whether more is going to happen to it."""
    summary = selectors.summary_of(dataset)
    waiting = summary.states.get(PictureState.ARRIVED, 0)
    is_unpacking = dataset.archives.filter(state=ArchiveState.ARRIVED).exists()
    broken = list(dataset.archives.filter(state=ArchiveState.BROKEN).order_by("id"))
    seen = [dataset.state, dataset.name, summary, is_unpacking, len(broken)]
    return {
        "dataset": dataset,
        "summary": summary,
        "broken_archives": broken,
        "waiting": waiting,
        "is_unpacking": is_unpacking,
        "is_watched": waiting or is_unpacking or dataset.state == DatasetState.FREEZING,
        "moment": _moment(seen),
        "fewest": FEWEST,
        "most": MOST,
    }


def _moment(seen: list[Any]) -> str:
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _pictures(request: MemberRequest, dataset: Dataset) -> dict[str, Any]:
    """One page of the pictures that were asked for, in the order in which they came."""
    asked = {name: request.GET.get(name, "") for name in ("state", "split")}
    chosen: dict[str, str] = {name: value for name, value in asked.items() if value in FILTERS[name]}
    pictures = dataset.pictures.order_by("id").select_related("twin")
    if "class" in request.GET and (of_class := request.GET["class"]) != "*":
        chosen["class"] = of_class
        pictures = pictures.filter(class_name=of_class)
    pictures = pictures.filter(**{name: value for name, value in chosen.items() if name != "class"})
    page = Paginator(pictures, PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    # A page on which nothing has changed is left as it is: its pictures would only be loaded again.
    seen = [page.paginator.num_pages, [(picture.pk, picture.state, picture.split) for picture in shown]]
    return {
        "dataset": dataset,
        "page": page,
        "moment": _moment(seen),
        "pictures": [(picture, selectors.dataset_preview_url(picture)) for picture in shown],
        "chosen": chosen,
        "query": urlencode(chosen),
        "states": PictureState.choices,
        "splits": Split.choices,
        "classes": selectors.classes_of(dataset),
        "is_open": dataset.state == DatasetState.DRAFT,
    }


def _upload() -> dict[str, Any]:
    """What the upload form says and checks before anything is sent."""
    atelier = settings.ATELIER
    return {
        "consents": Consent.choices,
        "media_types": ",".join(sorted(MEDIA_TYPES)),
        "suffixes": ",".join(sorted(SUFFIXES)),
        "most_bytes": atelier.upload_max_bytes,
        "most_archive_bytes": atelier.archive_max_bytes,
        "most_pixels": atelier.upload_max_pixels // 1_000_000,
    }
