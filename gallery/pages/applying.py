"""Applying to be an artist: one page that shows where one stands, and takes what one says."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from gallery.pages.answering import attempt
from gallery.pages.artist_forms import PORTFOLIO, ApplicationForm, as_written
from gallery.pages.asked_pictures import Asked, pictures_given
from gallery.pages.forms import add_problem
from gallery.pages.visitors import MemberRequest
from generation import selectors as generation
from generation.models import Artwork
from generation.models.artworks import ArtworkQuerySet
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import User
from marketplace.artists import selectors, services
from marketplace.artists.models import CURRENT_TERMS, WRITABLE, Application
from marketplace.core.errors import AtelierError

MOST = 24


@login_required
def show(request: MemberRequest) -> HttpResponse:
    """The form, or the answer that is waited for; an artist is led to their shop."""
    application = selectors.latest_application(request.user)
    if accounts.artist_of(request.user) is not None:
        return redirect("shop")
    is_waiting = application is not None and application.state == Application.State.SUBMITTED
    if request.method == "POST" and "withdraw" in request.POST and application is not None:
        attempt(
            request, services.withdraw_application, gettext("It is withdrawn."),
            applicant=request.user, application_id=application.pk,
        )  # fmt: skip
        return redirect("artist-become")
    if request.method == "POST" and not is_waiting:
        return _write(request, application)
    begun = application if application is not None and application.state in WRITABLE else None
    initial = as_written(begun) if begun else {"name": request.user.display_name, "links": []}
    form = ApplicationForm(initial=initial, works=_works(request.user))
    return _page(request, application, form, [_given(begun)])


def _write(request: MemberRequest, application: Application | None) -> HttpResponse:
    """Keep what was said, and hand it in if that was the button."""
    form = ApplicationForm(request.POST, works=_works(request.user))
    asked = pictures_given([PORTFOLIO], request.POST, request.user)
    if form.is_valid() and not asked[0].errors:
        said = dict(form.cleaned_data)
        said["artwork_ids"] = said.pop("artworks", [])
        said["upload_ids"] = [upload.pk for upload, _ in asked[0].given]
        try:
            application = services.write_application(applicant=request.user, said=services.Said(**said))
            if "submit" in request.POST:
                services.submit_application(
                    applicant=request.user, application_id=application.pk, terms_version=request.POST.get("terms", "")
                )
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(
                request, gettext("The curators have it.") if "submit" in request.POST else gettext("It is kept.")
            )
            return redirect("artist-become")
    return _page(request, application, form, asked)


def _page(
    request: MemberRequest, application: Application | None, form: ApplicationForm, asked: list[Asked]
) -> HttpResponse:
    state = application.state if application else ""
    context: dict[str, Any] = {
        "application": application, "form": form, "asked": asked, "terms": CURRENT_TERMS,
        "is_waiting": state == Application.State.SUBMITTED,
        "says_why": state in {Application.State.REJECTED, Application.State.CHANGES_ASKED},
    }  # fmt: skip
    return render(request, "gallery/artist_apply.html", context, status=422 if form.errors or asked[0].errors else 200)


def _works(person: User) -> ArtworkQuerySet:
    """Works that they had made here and still have, newest first."""
    works = generation.artworks_of(person).filter(maker=person, owner=person)
    return works.exclude(visibility=Artwork.Visibility.HELD)[:MOST]


def _given(application: Application | None) -> Asked:
    uploads = application.uploads.ready() if application else []
    return Asked(PORTFOLIO, given=[(upload, generation.upload_url(upload)) for upload in uploads])
