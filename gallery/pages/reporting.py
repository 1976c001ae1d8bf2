"""Reporting a work, by whoever is signed in and by whoever is not; and a work's picture for those who may see it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from gallery.models import LONGEST_WORDS, ReportReason
from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.visitors import MemberRequest, person_of
from gallery.selectors.curating import artwork_decided
from gallery.selectors.faces import face_of
from gallery.services import curating
from generation import selectors
from marketplace.core.errors import AtelierError, InvalidInput

SECONDS = 60


class NoticeThrottle(AnonRateThrottle):
    """So many notices an hour from one address."""

    scope = "notice"


class ReportThrottle(UserRateThrottle):
    """So many reports an hour by one person."""

    scope = "report"


class ReportForm(forms.Form):
    """What is wrong; of somebody without an account, who they are, too."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"), choices=ReportReason.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"))
    words = forms.CharField(
        label=gettext_lazy("In your words"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("If it is yours or somebody's you know: where the original can be seen."),
    )  # fmt: skip

    def __init__(self, *args: Any, is_member: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_member:
            del self.fields["name"], self.fields["email"]
        else:
            self.fields["words"].required = True

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "reason"]


@never_cache
def report(request: HttpRequest, artwork_id: UUID) -> HttpResponse:
    """The form, and taking what was written; it works without JavaScript and without an account."""
    person = person_of(request)
    with refused_as_pages():
        artwork = selectors.artwork_by_id(artwork_id, None)
    form = ReportForm(request.POST or None, is_member=person is not None)
    if request.method == "POST" and form.is_valid() and _send(request, artwork_id, form):
        messages.success(request, _("Thank you. A curator reads it."))
        is_seen = selectors.is_seen(artwork_id, person)  # not if it is this report that hid it
        return redirect("work", artwork_id) if is_seen else redirect("wall")
    return render(request, "gallery/report.html", {"artwork": artwork, "form": form})


@require_safe
def picture(request: HttpRequest, artwork_id: UUID) -> HttpResponse:
    """A work's picture from this house itself: what has no public address, as held and taken down works, has this one.

    Only who may see the work gets it, and of one that is held only curators; caches in between keep nothing.
    """
    person = person_of(request)
    with refused_as_pages():
        artwork = selectors.artwork_by_id(artwork_id, person)
        data, media_type = face_of(artwork, person, is_large="large" in request.GET)
    answer = HttpResponse(data, content_type=media_type)
    answer["Cache-Control"] = f"private, max-age={SECONDS}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def submit(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Ask curators to hang a work, or to look at it again."""
    said = _("The curators have it. You are told what they decide.")
    attempt(
        request, curating.submit_artwork, said, artwork_id=artwork_id, artist=request.user,
        words=request.POST.get("words", ""),
    )  # fmt: skip
    return redirect("work", artwork_id)


@login_required
@require_POST
def withdraw(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Ask no longer."""
    attempt(request, curating.withdraw_submission, _("Withdrawn."), artwork_id=artwork_id, artist=request.user)
    return redirect("work", artwork_id)


@login_required
@require_POST
def appeal(request: MemberRequest, decision_id: UUID) -> HttpResponse:
    """Say why a decision is wrong."""
    words, said = request.POST.get("words", ""), _("The curators have your appeal. You are told what they decide.")
    made = attempt(request, curating.appeal_decision, said, decision_id=decision_id, person=request.user, words=words)
    with refused_as_pages():
        artwork_id = made.decision.artwork_id if made else artwork_decided(decision_id)
    return redirect("work", artwork_id)


def _send(request: HttpRequest, artwork_id: UUID, form: ReportForm) -> bool:
    person, given = person_of(request), form.cleaned_data
    throttle = ReportThrottle() if person else NoticeThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # it reads what Django's requests have
        form.add_error(None, _("That was many reports in a short time. Try again in an hour."))
        return False
    try:
        if person is not None:
            curating.report_artwork(artwork_id=artwork_id, reporter=person, **given)
        else:
            curating.give_notice(artwork_id=artwork_id, **given)
    except InvalidInput as error:
        for field, problems in error.data["errors"].items():
            form.add_error(field, problems)
        return False
    except AtelierError as error:
        form.add_error(None, error.detail)
        return False
    return True
