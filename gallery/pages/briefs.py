"""Commissions by brief on pages, for both sides: the list, a new brief, one of them, and what a collector does."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.asked_pictures import pictures_given
from gallery.pages.brief_forms import BriefForm, OfferForm, TipForm
from gallery.pages.brief_showing import ATTACHMENTS, REFERENCES, shown_brief
from gallery.pages.forms import add_problem
from gallery.pages.paying import payment_form, tax_place_first
from gallery.pages.visitors import MemberRequest
from marketplace.accounts import selectors as accounts
from marketplace.commissions import selectors
from marketplace.commissions.models import Brief, Instalment
from marketplace.commissions.services import briefs
from marketplace.core.errors import AtelierError
from payments import services as payments


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """What one asked for; an artist's desk with what they were asked for; staff's disputes."""
    artist = getattr(request.user, "artist", None)
    context = {
        "asked": selectors.briefs_of(request.user),
        "desk": selectors.briefs_for(request.user) if artist else None,
        "in_queue": selectors.in_queue(artist) if artist else 0,
        "terms": selectors.terms_of(artist) if artist else None,
        "disputed": selectors.disputed_briefs() if request.user.is_staff else None,
    }
    return render(request, "gallery/briefs.html", context)


@login_required
def new(request: MemberRequest, slug: str) -> HttpResponse:
    """A brief to an artist."""
    with refused_as_pages():
        artist = accounts.artist_by_slug(slug)
    terms = selectors.terms_of(artist)
    if terms is None or not terms.is_open:
        raise Http404
    form = BriefForm(request.POST or None, terms=terms)
    asked = pictures_given([REFERENCES], request.POST, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            brief = briefs.send_brief(
                collector=request.user,
                artist_slug=slug,
                wishes=form.wishes([upload.pk for upload, _ in asked[0].given]),
                request_key=f"page:{request.user.pk}:{form.cleaned_data['request_key']}",
            )
        except AtelierError as error:
            add_problem(form, error)
        else:
            return redirect("brief", brief.pk)
    context = {
        "artist": artist, "terms": terms, "form": form, "asked": asked,
        "is_full": selectors.in_queue(artist) >= terms.queue_limit,
    }  # fmt: skip
    return render(request, "gallery/brief_new.html", context)


@login_required
@require_safe
def show(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """One commission; coming back from the payment it asks the provider, so that a late webhook does not matter."""
    with refused_as_pages():
        brief = selectors.brief_for(request.user, brief_id)
    if "paid" in request.GET:
        for instalment in brief.instalments.all():
            if not instalment.is_paid:
                attempt(request, payments.refresh, payment_id=instalment.payment_id)
        brief = selectors.brief_for(request.user, brief_id)
    return render(request, "gallery/brief.html", shown_brief(request.user, brief))


@login_required
@require_safe
def state(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Whether the page shows what there is: nothing new, or to be loaded again."""
    with refused_as_pages():
        brief = selectors.brief_for(request.user, brief_id)
    shown = shown_brief(request.user, brief)
    if request.GET.get("seen") == shown["moment"]:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


@login_required
@require_POST
def write(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Say something, with pictures."""
    [asked] = pictures_given([ATTACHMENTS], request.POST, request.user)
    uploads = [upload.pk for upload, _ in asked.given]
    text = request.POST.get("text", "")
    attempt(request, briefs.write_message, author=request.user, brief_id=brief_id, text=text, upload_ids=uploads)
    return redirect(f"{reverse('brief', args=[brief_id])}#words")


@login_required
@require_POST
def quote(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Quote, or counter."""
    artist = getattr(request.user, "artist", None)
    with refused_as_pages():
        brief = selectors.brief_for(request.user, brief_id)
    form = OfferForm(request.POST, artist=artist if artist and artist.pk == brief.artist_id else None)
    if form.is_valid():
        try:
            briefs.make_quote(author=request.user, brief_id=brief_id, offer=form.offer())
        except AtelierError as error:
            messages.error(request, error.detail)
            add_problem(form, error)
        else:
            return redirect("brief", brief_id)
    return render(request, "gallery/brief.html", shown_brief(request.user, brief) | {"offer_form": form}, status=422)


@login_required
@require_POST
def accept_quote(request: MemberRequest, brief_id: UUID, quote_id: UUID) -> HttpResponse:
    """Agree to what the other side offers; a collector pays next."""
    brief = attempt(request, briefs.accept_quote, person=request.user, brief_id=brief_id, quote_id=quote_id)
    return _to_payment(request, brief) or redirect("brief", brief_id)


@login_required
@require_POST
def accept(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Take the work; the balance is paid next, if there is any."""
    brief = attempt(request, briefs.accept_proof, collector=request.user, brief_id=brief_id)
    return _to_payment(request, brief) or redirect("brief", brief_id)


@login_required
@require_POST
def revise(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Ask for a change; an extra one is paid next."""
    text = request.POST.get("text", "")
    revision = attempt(request, briefs.ask_revision, collector=request.user, brief_id=brief_id, text=text)
    paid_next = _to_payment(request, revision.brief) if revision and revision.asked_at is None else None
    return paid_next or redirect("brief", brief_id)


@login_required
@require_POST
def withdraw(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Take it back."""
    attempt(request, briefs.withdraw_brief, collector=request.user, brief_id=brief_id)
    return redirect("brief", brief_id)


@login_required
@require_POST
def cancel(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """End it, as either side."""
    reason = request.POST.get("text", "")[:400]
    attempt(request, briefs.cancel_brief, person=request.user, brief_id=brief_id, reason=reason)
    return redirect("brief", brief_id)


@login_required
@require_POST
def tip(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Thank the artist."""
    form = TipForm(request.POST)
    if form.is_valid():
        given = attempt(
            request, briefs.give_tip, collector=request.user, brief_id=brief_id, amount=form.cleaned_data["amount"]
        )
        if given:
            return redirect("brief-pay", brief_id, given.pk)
    return redirect("brief", brief_id)


@login_required
@require_safe
def pay(request: MemberRequest, brief_id: UUID, instalment_id: UUID) -> HttpResponse:
    """The provider's payment form, for as long as there is something to pay."""
    with refused_as_pages():
        brief = selectors.brief_for(request.user, brief_id)
    instalment = Instalment.objects.filter(pk=instalment_id, brief=brief, brief__collector=request.user).first()
    if instalment is None:
        raise Http404
    if instalment.payment.is_taxable and (asked := tax_place_first(request)):
        return asked
    payment = attempt(request, briefs.pay_instalment, collector=request.user, instalment_id=instalment_id)
    if payment is None or not payment.is_payable:
        return redirect("brief", brief_id)
    address = reverse("brief", args=[brief_id])
    form = payment_form(request, payment, verb=gettext("Pay"), back=f"{address}?paid=1")
    context = {"brief": brief, "instalment": instalment, "form": form}
    return render(request, "gallery/brief_pay.html", context)


def _to_payment(request: MemberRequest, brief: Brief | None) -> HttpResponse | None:
    """On to what is to be paid by this person, if anything is."""
    if brief is None or brief.collector_id != request.user.pk:
        return None
    due = selectors.due_instalment(Brief.objects.get(pk=brief.pk))
    return redirect("brief-pay", brief.pk, due.pk) if due else None
