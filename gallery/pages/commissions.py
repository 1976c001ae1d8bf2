"""A commission on pages, once it is ordered: paid, watched, answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.paying import payment_form, tax_place_first
from gallery.pages.rerolls import shown_candidates
from gallery.pages.visitors import MemberRequest
from gallery.pages.waiting import wait_words
from generation import selectors as generation
from generation.models import Job, Upload
from marketplace.commissions import selectors, services
from marketplace.commissions.models import Commission
from marketplace.core import storage
from marketplace.core.errors import AtelierError
from payments import services as payments
from payments.models import Payment

PAGE = 20
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="  # before anything is painted
STEPS = (
    ("awaiting_payment", _("Ordered")),
    ("painting", _("Being painted")),
    ("proof", _("Your answer")),
    ("delivered", _("Yours")),
)


@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """One's commissions, newest first."""
    commissions = selectors.commissions_of(request.user).select_related(
        "artwork__artist", "artwork__style_artist", "listing__artwork__artist", "listing__artwork__style_artist"
    )
    page = Paginator(commissions, PAGE).get_page(request.GET.get("page"))
    following = f"?page={page.next_page_number()}" if page.has_next() else ""
    return render(request, "gallery/commissions.html", {"commissions": page, "next": following})


@login_required
@require_safe
def pay(request: MemberRequest, commission_id: UUID) -> HttpResponse:
    """The provider's payment form, for as long as there is something to pay."""
    commission = _mine(request, commission_id)
    if commission.state != Commission.State.AWAITING_PAYMENT:
        return redirect("commission", commission.pk)
    if asked := tax_place_first(request):
        return asked
    try:
        commission.payment = services.pay(commission=commission)
    except AtelierError as error:
        messages.error(
            request,
            gettext("%(detail)s Please try again in a moment.") % {"detail": error.detail}
            if error.transient
            else error.detail,
        )
        return redirect("commission", commission.pk)
    if not commission.payment.is_payable:
        return redirect("commission", commission.pk)
    address = reverse("commission", args=[commission.pk])
    form = payment_form(request, commission.payment, verb=gettext("Authorise"), back=f"{address}?paid=1")
    return render(request, "gallery/commission_pay.html", {"commission": commission, "form": form})


@login_required
@require_safe
def show(request: MemberRequest, commission_id: UUID) -> HttpResponse:
    """One commission; coming back from the payment it asks the provider, so that a late webhook does not matter."""
    commission = _mine(request, commission_id)
    if "paid" in request.GET and (payment := _awaited(commission)):
        try:
            payments.refresh(payment_id=payment.pk)
        except AtelierError:
            messages.info(request, gettext("The payment provider has not answered yet; this page follows by itself."))
        commission = _mine(request, commission_id)
    return render(request, "gallery/commission.html", _state(request, commission))


@login_required
@require_safe
def state(request: MemberRequest, commission_id: UUID) -> HttpResponse:
    """What the page asks again and again: nothing new, or the part that changed."""
    commission = _mine(request, commission_id)
    if request.GET.get("seen") == _moment(commission, _wait(commission)):
        return HttpResponse(status=204)
    return render(request, "gallery/commission_state.html", _state(request, commission))


@login_required
@require_POST
def accept(request: MemberRequest, commission_id: UUID) -> HttpResponse:
    """Take the work: the candidate that was chosen, for the total that the page named."""
    number, amount = (
        int(text) if (text := request.POST.get(name, "")).isdecimal() else None for name in ("candidate", "amount")
    )
    chosen = {"candidate": number, "amount": amount, "commission_id": commission_id, "collector": request.user}
    attempt(request, services.accept, "", **chosen)
    return redirect("commission", commission_id)


@login_required
@require_POST
def decline(request: MemberRequest, commission_id: UUID) -> HttpResponse:
    """Do not take the work."""
    return _step(request, commission_id, services.decline)


@login_required
@require_POST
def cancel(request: MemberRequest, commission_id: UUID) -> HttpResponse:
    """Withdraw the order."""
    return _step(request, commission_id, services.cancel)


def _step(request: MemberRequest, commission_id: UUID, step: Callable[..., Commission]) -> HttpResponse:
    attempt(request, step, commission_id=commission_id, collector=request.user)
    return redirect("commission", commission_id)


def _awaited(commission: Commission) -> Payment | None:
    """What has yet to be paid, as far as we know: the price, or that of another picture."""
    open_one = selectors.open_reroll(commission)
    candidates = [commission.payment, open_one.payment if open_one else None]
    return next((payment for payment in candidates if payment is not None and payment.is_payable), None)


@refused_as_pages()
def _mine(request: MemberRequest, commission_id: UUID) -> Commission:
    return selectors.commission_of(request.user, commission_id)


def _state(request: MemberRequest, commission: Commission) -> dict[str, Any]:
    artwork, payment = commission.artwork, commission.payment
    open_reroll = selectors.open_reroll(commission)
    is_settled = commission.is_over and payment.state != Payment.State.RELEASING
    waits_for_person = commission.state == Commission.State.AWAITING_PAYMENT and payment.is_payable
    return {
        "commission": commission,
        "steps": _steps(commission),
        "moment": _moment(commission, wait := _wait(commission)),
        "wait": wait,
        "is_watched": not is_settled and (commission.state != Commission.State.PROOF or open_reroll is not None),
        # Whatever the house does by itself between two states takes moments, and the page should not lag behind.
        "poll_seconds": 4 if waits_for_person or open_reroll or commission.state == Commission.State.PAINTING else 1,
        "photograph_url": _photograph_url(commission),
        "blank": BLANK,
        "artist_part": selectors.artist_part_of(commission),
        "candidates": shown_candidates(commission),
        "open_reroll": open_reroll,
        "left": selectors.rerolls_left(commission),
        "total": selectors.total_of(commission),
        "candidate_days": settings.ATELIER.candidate_days,
        "may_download": artwork is not None and generation.may_download(request.user, artwork),
    }


def _photograph_url(commission: Commission) -> str:
    """The photograph, if any, for as long as one may watch; nothing where a curator has refused it meanwhile."""
    if commission.photograph is None or commission.photograph.state != Upload.State.READY:
        return ""
    return storage.presigned_get(commission.photograph.key, expires=3600)


def _moment(commission: Commission, wait: str) -> str:
    """What the page would have to change for: it tells the server which moment it shows."""
    state = "held" if commission.is_held else commission.state
    moment = f"{state} {commission.payment.state} {commission.payment.last_error_code}"
    for one in selectors.candidates_of(commission)[1:]:
        held = one.reroll.payment.state if one.reroll and one.reroll.payment else ""
        moment += f" {one.number} {one.state} {held}".rstrip()
    return f"{moment} {wait}" if wait else moment


def _wait(commission: Commission) -> str:
    """How long it will be, while it waits in line; once a painter is at it the page shows how far it is."""
    job = commission.job
    if commission.state != Commission.State.PAINTING or job is None or job.state != Job.State.QUEUED:
        return ""
    wait = generation.estimate_wait(job)
    return wait_words(wait) if wait else ""


def _steps(commission: Commission) -> list[dict[str, str]]:
    """The four steps, told apart by what is done, what is now and what is to come."""
    order = [name for name, _ in STEPS]
    reached = {"accepted": "delivered"}.get(commission.state, commission.state)
    at = order.index(reached) if reached in order else -1
    return [
        {"title": str(title), "tone": "done" if n < at or commission.state == "delivered" else "now" if n == at else ""}
        for n, (_, title) in enumerate(STEPS)
    ]
