"""What an artist does at their desk, and both sides and staff in a dispute."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.asked_pictures import pictures_given
from gallery.pages.brief_forms import CandidateForm, DecisionForm, TermsForm, kept_terms
from gallery.pages.brief_showing import BROUGHT, EVIDENCE, FINISHED, shown_brief
from gallery.pages.forms import add_problem
from gallery.pages.visitors import MemberRequest
from marketplace.commissions import selectors
from marketplace.commissions.models import Brief
from marketplace.commissions.services import briefs
from marketplace.core.errors import AtelierError


@login_required
@require_POST
def decline(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Do not take a brief."""
    reason = request.POST.get("text", "")
    attempt(request, briefs.decline_brief, artist_user=request.user, brief_id=brief_id, reason=reason)
    return redirect("brief", brief_id)


@login_required
@require_POST
def make(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Have the machines make a candidate."""
    with refused_as_pages():
        brief = selectors.brief_for(request.user, brief_id)
    form = CandidateForm(request.POST, artist=brief.artist)
    [asked] = pictures_given([BROUGHT], request.POST, request.user)
    chosen = [upload.pk for upload, _ in asked.given] or _reference(request)
    if form.is_valid():
        recipe = form.recipe(chosen)
        attempt(request, briefs.make_candidate, artist_user=request.user, brief_id=brief_id, recipe=recipe)
    else:
        messages.error(request, gettext("Choose an engine and a size."))
    return redirect("brief", brief_id)


def _reference(request: MemberRequest) -> list[UUID]:
    """The collector's picture that was chosen from a list, or none; what is no id at all chooses none."""
    try:
        return [UUID(request.POST.get("reference", ""))]
    except ValueError:
        return []


@login_required
@require_POST
def bring(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Bring a finished picture."""
    with refused_as_pages():
        selectors.brief_for(request.user, brief_id)
    [asked] = pictures_given([FINISHED], request.POST, request.user)
    if not asked.given:
        messages.error(request, gettext("Choose a picture first."))
        return redirect("brief", brief_id)
    upload, _ = asked.given[0]
    attempt(request, briefs.bring_candidate, artist_user=request.user, brief_id=brief_id, upload_id=upload.pk)
    return redirect("brief", brief_id)


@login_required
@require_POST
def submit(request: MemberRequest, brief_id: UUID, candidate_id: UUID) -> HttpResponse:
    """Show a candidate to the collector."""
    note = request.POST.get("note", "")
    attempt(
        request, briefs.submit_proof, artist_user=request.user, brief_id=brief_id, candidate_id=candidate_id, note=note
    )
    return redirect("brief", brief_id)


@login_required
@require_POST
def dispute(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Say that it went wrong, or bring more forward."""
    with refused_as_pages():
        brief = selectors.brief_for(request.user, brief_id)
    [asked] = pictures_given([EVIDENCE], request.POST, request.user)
    uploads = [upload.pk for upload, _ in asked.given]
    act = briefs.bring_evidence if brief.state == Brief.State.DISPUTED else briefs.open_dispute
    attempt(request, act, person=request.user, brief_id=brief_id, text=request.POST.get("text", ""), upload_ids=uploads)
    return redirect("brief", brief_id)


@login_required
def decide(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Staff read what there is, and decide."""
    if not request.user.is_staff:
        raise PermissionDenied
    with refused_as_pages():
        brief = selectors.brief_for(request.user, brief_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with refused_as_pages():
                briefs.decide_dispute(
                    staff=request.user, brief_id=brief_id, refund_bps=said["refund"] * 100,
                    is_delivered=said["is_delivered"] == "yes", text=said["text"],
                )  # fmt: skip
        except AtelierError as error:
            add_problem(form, error)
        else:
            return redirect("brief", brief_id)
    context = shown_brief(request.user, brief) | {"form": form}
    return render(request, "gallery/brief_decision.html", context)


@login_required
@require_safe
def case(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """All there is about it, as one file, for staff."""
    with refused_as_pages():
        content = selectors.case_file(request.user, brief_id)
    disposition = f'attachment; filename="commission-{brief_id}.zip"'
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": disposition})


@login_required
def terms(request: MemberRequest) -> HttpResponse:
    """An artist opens or closes their door."""
    artist = getattr(request.user, "artist", None)
    if artist is None:
        raise PermissionDenied
    form = TermsForm(request.POST or None, initial=kept_terms(selectors.terms_of(artist)))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"licences": [licence.pk for licence in form.cleaned_data["licences"]]}
        try:
            briefs.set_terms(artist_user=request.user, **said)
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(request, gettext("Kept."))
            return redirect("briefs")
    return render(request, "gallery/commission_terms.html", {"form": form, "artist": artist})
