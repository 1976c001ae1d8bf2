"""Where a work comes from: the part of its page that says who signed it, and lets anybody have it made again."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import refused_as_pages
from gallery.pages.chosen import chosen_for, engine_title
from gallery.pages.visitors import MemberRequest, VisitorRequest, person_of
from gallery.selectors import note_origin_read
from gallery.selectors.provenance import provenance_of
from gallery.services.sharing import shared
from generation import selectors, services
from generation.models import Artwork, Check, Job, JobState, SignatureState, Verdict
from generation.provenance import Manifest
from marketplace.core.errors import AtelierError

TEMPLATE = "gallery/origin.html"


class Seal(NamedTuple):
    """One sentence about a work's origin, and whether it speaks for the work."""

    tone: str  # good, bad, now, or nothing in particular
    words: str
    detail: str = ""


@require_safe
def show(request: VisitorRequest, artwork_id: UUID) -> HttpResponse:
    """What the page asks for once, to have the file read, and again while a check runs."""
    artwork = _visible(artwork_id, request)
    context = origin_of(artwork, may_read=True)
    if request.GET.get("seen") == context["moment"]:
        return HttpResponse(status=204)
    return render(request, TEMPLATE, context)


@require_safe
@shared
def provenance(request: VisitorRequest, artwork_id: UUID) -> HttpResponse:
    """All that is known of where a work comes from and whose it was, on one page."""
    artwork = _visible(artwork_id, request)
    known = provenance_of(artwork, person_of(request))
    recipe = json.dumps(known.recipe, indent=2, ensure_ascii=False)
    context = {
        "known": known,
        "parameters": chosen_for(artwork),
        "engine": engine_title(artwork),
        "recipe_text": recipe,
        **origin_of(artwork, may_read=True),
    }
    return render(request, "gallery/provenance.html", context)


@require_POST
@login_required
def verify(request: MemberRequest, artwork_id: UUID) -> HttpResponse:
    """Have the work made again and compared."""
    artwork = _visible(artwork_id, request)
    problem = ""
    try:
        services.request_check(artwork_id=artwork_id, by=request.user)
    except AtelierError as error:
        problem = error.detail
    if request.htmx:
        return render(request, TEMPLATE, origin_of(artwork, may_read=True) | {"problem": problem})
    if problem:
        messages.error(request, problem)
    return redirect("work", artwork_id)


def origin_of(artwork: Artwork, *, may_read: bool = False) -> dict[str, Any]:
    """What the template shows. Only with `may_read` is the original fetched, where nobody has read it lately."""
    check, job = selectors.last_check(artwork.pk), selectors.last_check_job(artwork.pk)
    manifest, is_unread = _manifest(artwork, may_read)
    running = job if job and not job.is_final else None
    seals = [] if is_unread else _signature_seals(manifest)
    return {
        "artwork": artwork,
        "seals": seals + ([] if running else [_check_seal(check, job)]),
        "is_unread": is_unread,
        "running": running,
        "moment": f"{running.state} {running.stage} {running.progress:.2f}" if running else "",
        "why_not": selectors.why_not_remade(artwork),
        "outcome": _check_seal(check, job).words if job and job.is_final else "",
    }


@refused_as_pages()
def _visible(artwork_id: UUID, request: VisitorRequest) -> Artwork:
    return selectors.artwork_by_id(artwork_id, person_of(request))


def _manifest(artwork: Artwork, may_read: bool) -> tuple[Manifest | str | None, bool]:
    """The manifest, or why there is none to show; and whether it is still to be read."""
    try:
        if not may_read and not selectors.is_manifest_read(artwork):
            return None, True
        manifest = selectors.manifest_of(artwork)
        if may_read:
            note_origin_read(artwork.pk)
        return manifest, False
    except AtelierError as error:
        return error.detail, False


def _signature_seals(manifest: Manifest | str | None) -> list[Seal]:
    if isinstance(manifest, str):
        return [Seal("", gettext("Its file cannot be read just now"), manifest)]
    if manifest is None:
        return [Seal("", gettext("Not signed"), gettext("It was made before this house signed its works."))]
    if not manifest.is_valid:
        why = ", ".join(manifest.problems)
        return [
            Seal(
                "bad",
                gettext("Changed since it was signed"),
                gettext("What is kept is not what was signed (%(why)s).") % {"why": why},
            )
        ]
    by = gettext("Signed by %(name)s") % {"name": manifest.signed_by or gettext("somebody without a name")}
    signed = (
        Seal("good", by, gettext("The file is as it was when it was made."))
        if manifest.is_trusted
        else Seal("", by, gettext("The file is unchanged, but this house does not know who signed it."))
    )
    return [signed, _maker_seal(manifest)]


def _maker_seal(manifest: Manifest) -> Seal:
    given = len(manifest.ingredients)
    if manifest.is_ai_generated:
        title, said = gettext("AI-generated"), gettext("A trained network made it.")
        from_pictures = ngettext(
            "A trained network made it, from %(given)s picture it was given.",
            "A trained network made it, from %(given)s pictures it was given.", given,
        )  # fmt: skip
    else:
        title = gettext("Drawn by an algorithm")
        said = gettext("A formula made it; no trained network had a part in it.")
        from_pictures = ngettext(
            "A formula made it, from %(given)s picture it was given; no trained network had a part in it.",
            "A formula made it, from %(given)s pictures it was given; no trained network had a part in it.", given,
        )  # fmt: skip
    return Seal("", title, from_pictures % {"given": given} if given else said)


def _check_seal(check: Check | None, job: Job | None) -> Seal:
    if job is not None and job.state == JobState.FAILED:
        return Seal("bad", gettext("The last attempt to make it again failed"), job.error_detail)
    if check is None:
        return Seal(
            "", gettext("Not made again yet"), gettext("Its recipe is all that is needed to make the same picture.")
        )
    return _found(check)


def _found(check: Check) -> Seal:
    when = gettext("On %(day)s.") % {"day": date_format(check.created_at, "DATE_FORMAT")}
    if not check.file_is_intact:
        return Seal(
            "bad",
            gettext("Made again: the kept file was changed"),
            gettext("%(when)s It is not the file that was made.") % {"when": when},
        )
    if check.verdict == Verdict.DIFFERENT:
        return Seal("bad", gettext("Made again: another picture came of it"), f"{when} {_apart(check)}")
    if check.signature == SignatureState.INVALID:
        return Seal(
            "bad",
            gettext("Made again: its signature does not hold"),
            gettext("%(when)s The picture is the same.") % {"when": when},
        )
    if check.verdict == Verdict.CLOSE:
        return Seal("good", gettext("Made again: the same to the eye"), f"{when} {_apart(check)}")
    return Seal("good", gettext("Made again: the same, pixel by pixel"), when)


def _apart(check: Check) -> str:
    if check.largest_difference is None:
        return gettext("The two are not of one size.")
    return gettext("No colour is off by more than %(largest_difference)s of 255 (%(psnr)s dB).") % {
        "largest_difference": check.largest_difference,
        "psnr": f"{check.psnr:.1f}",
    }
