"""Works that look alike: beside a work, as a page of their own, and after a picture that somebody brings."""

from itertools import chain
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.pages.answering import refused_as_pages
from gallery.pages.visitors import MemberRequest, VisitorRequest, person_of
from gallery.selectors import looks
from gallery.services.looks import search_by_picture
from gallery.services.sharing import shared
from generation import selectors, services
from generation.models import FINAL_STATES, Upload
from marketplace.accounts.models import User
from marketplace.core.errors import AtelierError, InvalidInput

STRIP, PAGE, MEANT = 8, 24, 48
WAYS: dict[looks.By, Any] = {
    "style": gettext_lazy("Made alike"),
    "colour": gettext_lazy("The same colours"),
    "meaning": gettext_lazy("The same subject"),
}


@require_safe
@vary_on_headers("HX-Request")
@shared
def similar(request: VisitorRequest, artwork_id: UUID) -> HttpResponse:
    """Works like one that hangs: a strip for the work's page, where htmx asks, else a page."""
    with refused_as_pages():
        artwork = selectors.artwork_by_id(artwork_id, None)
    by = _way(request, tuple(WAYS))
    found = looks.similar(artwork.pk, by=by, limit=STRIP if request.htmx else PAGE)
    context = {"artwork": artwork, "by": by, "ways": WAYS, "cards": looks.cards_of(found)}
    name = "similar_strip" if request.htmx else "similar_page"
    response = render(request, f"gallery/{name}.html", context)
    if not found:  # it may be looked at any moment, which no version of the catalogue tells of
        response["Cache-Control"] = "no-cache"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def by_picture(request: VisitorRequest) -> HttpResponse:
    """Bring a picture to search with; who is not signed in reads what it is, and how to."""
    person = person_of(request)
    if request.method == "POST" and person is None:
        return redirect_to_login(reverse("by-picture"))
    problem = ""
    if request.method == "POST" and person is not None:
        try:
            upload = _brought(request, person)
            return redirect("picture-search", search_by_picture(upload=upload, owner=person).pk)
        except AtelierError as error:
            problem = " ".join([error.detail, *chain(*error.data.get("errors", {}).values())])
    context = {
        "problem": problem, "reads_meaning": looks.reads_meaning(),
        "most_megabytes": settings.ATELIER.upload_max_bytes // 1_000_000,
    }  # fmt: skip
    return render(request, "gallery/by_picture.html", context, status=422 if problem else 200)


@require_safe
@shared
def by_meaning(request: HttpRequest) -> HttpResponse:
    """Works of which is said what a sentence means; why not, where no text model reads it."""
    words = " ".join(request.GET.get("q", "").replace("\0", " ").split())[: looks.LONGEST_QUERY]
    read = looks.by_words(words, limit=MEANT) if words else looks.Read()
    context = {
        "words": words, "reads_meaning": looks.reads_meaning(), "notice": read.notice,
        "longest": looks.LONGEST_QUERY, "cards": looks.cards_of(read.artwork_ids),
    }  # fmt: skip
    return render(request, "gallery/by_meaning.html", context)


@login_required
@require_safe
def picture_search(request: MemberRequest, job_id: UUID) -> HttpResponse:
    """What looks like a picture that was brought; asks again by itself until somebody has looked at it."""
    with refused_as_pages():
        job, look = selectors.look_of_job(job_id, request.user)
        given = job.pictures[0]
    by = _way(request, looks.OF_PICTURES)
    found = looks.nearest(getattr(look, by), by=by, limit=PAGE) if look else []
    context = {
        "job": job, "look": look, "is_over": job.state in FINAL_STATES, "by": by,
        "ways": {way: WAYS[way] for way in looks.OF_PICTURES}, "cards": looks.cards_of(found),
        "picture_url": _picture_url(given.key, request.user),
    }  # fmt: skip
    name = "picture_search_state" if request.htmx else "picture_search"
    return render(request, f"gallery/{name}.html", context)


def _way(request: HttpRequest, ways: tuple[looks.By, ...]) -> looks.By:
    return next((way for way in ways if way == request.GET.get("by")), "style")


def _brought(request: HttpRequest, person: User) -> Upload:
    """The upload that the page's script sent, or the file itself where there is no script.

    Raises InvalidInput, NotFound, UploadProblem, ScreeningUnavailable, StorageUnavailable.
    """
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        return _received(file, person)
    try:
        key = UUID(request.POST.get("photograph", ""))
    except ValueError as error:
        raise InvalidInput(_("Choose a picture first.")) from error
    return selectors.upload_by_id(key, person)


def _received(file: "UploadedFile[Any]", owner: User) -> Upload:
    data = file.read(settings.ATELIER.upload_max_bytes + 1)  # of what is too large no more than shows that it is
    return services.receive_upload(owner=owner, filename=file.name or "", media_type=file.content_type or "", data=data)


def _picture_url(key: str, owner: User) -> str:
    upload = Upload.objects.owned_by(owner.pk).filter(key=key).first()
    return selectors.upload_url(upload) if upload else ""
