"""Exhibitions: visiting them, and the curators' easel on which they are put together."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gallery.models import Exhibition
from gallery.models.exhibitions import LONGEST_TEXT, WRITTEN
from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.visitors import MemberRequest
from gallery.selectors import exhibitions as selectors
from gallery.selectors.curating import require_curator
from gallery.services import exhibiting
from gallery.services.sharing import shared
from marketplace.core.errors import AtelierError
from marketplace.core.timezones import zone_choices

FOUND = 12
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ExhibitionForm(forms.Form):
    """What an exhibition says of itself, and when, in the time zone that it names: to be made and read in that one."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=80, help_text=gettext_lazy("/exhibitions/…/"))
    text = forms.CharField(
        label=gettext_lazy("Words at the entrance"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7}), help_text=gettext_lazy("An empty line begins a new paragraph."),
    )  # fmt: skip
    opens_at = forms.DateTimeField(
        label=gettext_lazy("Opens"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Closes"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone of both"), choices=zone_choices)


@require_safe
@shared
def index(request: HttpRequest) -> HttpResponse:
    """What is on, what comes, and what was."""
    shown = list(selectors.faces(selectors.shown_exhibitions()))
    context = {
        "present": [pair for pair in shown if pair[0].is_open],
        "past": [pair for pair in shown if not pair[0].is_open],
        "announced": selectors.announced_exhibitions(),
    }
    return render(request, "gallery/exhibitions.html", context)


@require_safe
@shared
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One exhibition, as it hangs; a draft for whoever has its preview link.

    What is open looks the same for everybody; a draft needs the link, and for curators the easel gives it.
    """
    with refused_as_pages():
        exhibition = selectors.exhibition_for(slug, None, preview=request.GET.get("preview", ""))
    is_preview = not Exhibition.objects.open_to_all().filter(pk=exhibition.pk).exists()
    context = {"exhibition": exhibition, "rooms": selectors.rooms_of(exhibition), "is_preview": is_preview}
    answer = render(request, "gallery/exhibition.html", context)
    if is_preview:
        answer["Cache-Control"], answer["X-Robots-Tag"] = "private, no-store", "noindex"
    return answer


@login_required
@never_cache
def desk(request: MemberRequest) -> HttpResponse:
    """The curators' list, and beginning another."""
    with refused_as_pages():
        exhibitions = selectors.all_exhibitions(request.user)
    if request.method == "POST":
        made = attempt(request, exhibiting.draft_exhibition, curator=request.user, title=request.POST.get("title", ""))
        return redirect("curator-exhibition", made.slug) if made else redirect("curator-exhibitions")
    return render(request, "gallery/exhibition_desk.html", {"exhibitions": selectors.faces(exhibitions)})


@login_required
@never_cache
def edit(request: MemberRequest, slug: str) -> HttpResponse:
    """Everything about one exhibition on one page: its words, its works and their order, its life."""
    exhibition = _own(request, slug)
    # Times are written, read and shown in the zone that the form names, else in the exhibition's own.
    asked = request.POST.get("timezone", "")
    with timezone.override(ZoneInfo(asked if asked in dict(zone_choices()) else exhibition.timezone)):
        return _easel(request, exhibition)


def _easel(request: MemberRequest, exhibition: Exhibition) -> HttpResponse:
    initial = {name: getattr(exhibition, name) for name in WRITTEN}
    form = ExhibitionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            written = exhibiting.write_exhibition(
                curator=request.user, exhibition_id=exhibition.pk, seen=request.POST.get("seen", ""),
                **form.cleaned_data,
            )  # fmt: skip
        except AtelierError as error:
            for field, problems in error.data.get("errors", {"__all__": [error.detail]}).items():
                form.add_error(field if field in form.fields else None, problems)
        else:
            messages.success(request, _("Saved."))
            return redirect("curator-exhibition", written.slug)
    words = request.GET.get("words", "").strip()
    context = {
        "exhibition": exhibition, "form": form, "rooms": selectors.rooms_of(exhibition, everything=True),
        "words": words, "found": list(selectors.addable(exhibition, words)[:FOUND]) if words else [],
        "preview": f"?preview={selectors.preview_token(exhibition)}",
        "moved": request.GET.get("moved", ""), "by": request.GET.get("by", ""),
    }  # fmt: skip
    return render(request, "gallery/exhibition_edit.html", context)


@login_required
@require_POST
def act(request: MemberRequest, slug: str, step: str) -> HttpResponse:
    """What a button of the easel stands for."""
    exhibition = _own(request, slug)
    given: dict[str, Any] = {"curator": request.user, "exhibition_id": exhibition.pk}
    if step not in _STEPS:
        raise Http404
    _STEPS[step](request, given)
    address = reverse("curator-exhibition", args=[slug])
    if step == "move":  # whoever moves a work by keyboard goes on from the same button
        hanging, by = _number(request, "hanging"), _by(request)
        # Without a fragment: a browser does not focus by itself where an address has one.
        return redirect(f"{address}?moved={hanging}&by={by}")
    return redirect(address)


def _add(request: MemberRequest, given: dict[str, Any]) -> None:
    found = _UUID.search(request.POST.get("artwork", "").lower())
    if found is None:
        messages.error(request, _("That is no address of a work."))
        return
    attempt(request, exhibiting.hang_in_exhibition, _("It hangs at the end."), artwork_id=UUID(found[0]), **given)


def _remove(request: MemberRequest, given: dict[str, Any]) -> None:
    attempt(request, exhibiting.remove_from_exhibition, hanging_id=_number(request, "hanging"), **given)


def _label(request: MemberRequest, given: dict[str, Any]) -> None:
    text = request.POST.get("text", "")
    attempt(request, exhibiting.label_hanging, hanging_id=_number(request, "hanging"), text=text, **given)


def _move(request: MemberRequest, given: dict[str, Any]) -> None:
    attempt(request, exhibiting.move_hanging, hanging_id=_number(request, "hanging"), by=_by(request), **given)


def _by(request: MemberRequest) -> int:
    return -1 if request.POST.get("by") == "-1" else 1


def _arrange(request: MemberRequest, given: dict[str, Any]) -> None:
    order = []
    for place in request.POST.get("order", "").split(","):
        hanging, _colon, section = place.partition(":")
        if hanging.isdecimal():
            order.append((int(hanging), int(section) if section.isdecimal() else None))
    attempt(request, exhibiting.arrange_exhibition, order=order, version=_number(request, "version"), **given)


def _section(request: MemberRequest, given: dict[str, Any]) -> None:
    title, text, first = request.POST.get("title", ""), request.POST.get("text", ""), _number(request, "first")
    attempt(request, exhibiting.add_section, title=title, text=text, first=first or None, **given)


def _unsection(request: MemberRequest, given: dict[str, Any]) -> None:
    attempt(request, exhibiting.remove_section, section_id=_number(request, "section"), **given)


def _live(request: MemberRequest, given: dict[str, Any]) -> None:
    move = request.POST.get("move", "")
    if move in {"publish", "take_back", "close", "reopen"}:
        attempt(request, exhibiting.move_exhibition, _("Done."), move=move, **given)


_STEPS: dict[str, Callable[[MemberRequest, dict[str, Any]], None]] = {
    "add": _add, "remove": _remove, "label": _label, "move": _move, "arrange": _arrange, "section": _section,
    "unsection": _unsection, "life": _live,
}  # fmt: skip


def _own(request: MemberRequest, slug: str) -> Exhibition:
    with refused_as_pages():
        require_curator(request.user)
        return selectors.exhibition_for(slug, request.user)


def _number(request: MemberRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0
