"""Paying with a kept card, and where a payer comes back to from their bank: to what they paid for."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.visitors import MemberRequest
from marketplace.core.errors import AtelierError
from payments import selectors, services
from payments.services.reading import as_uuid

# The first word of a payment's reference, and the page of what it names.
PLACES = {"commission": "commission", "brief": "brief", "order": "order"}


@login_required
@require_safe
def back(request: MemberRequest, payment_id: UUID) -> HttpResponse:
    """Ask the provider how it went, so that a late webhook does not matter, and show what was paid for."""
    with refused_as_pages():
        payment = selectors.payment_of(request.user, payment_id)
    try:
        services.refresh(payment_id=payment.pk)
    except AtelierError:
        messages.info(request, gettext("The payment provider has not answered yet; this page follows by itself."))
    room, _, subject_id = payment.reference.partition(":")
    return redirect(PLACES[room], subject_id.partition(":")[0]) if room in PLACES else redirect("wall")


@login_required
@require_POST
def pay_with_card(request: MemberRequest, payment_id: UUID) -> HttpResponse:
    """Pay with a card that one keeps; where its bank asks, the bank's page comes next."""
    card_id = as_uuid(request.POST.get("card"))
    if card_id is None:
        raise Http404
    with refused_as_pages():
        payment = selectors.payment_of(request.user, payment_id)
        card = selectors.saved_card_of(request.user, card_id)
    paid = attempt(request, services.authorise, payment_id=payment.pk, payment_method=card.stripe_id)
    if paid is not None:
        return redirect(paid.action_url) if paid.action_url else redirect("payment-back", payment.pk)
    form = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(form, allowed_hosts=None)
    return redirect(form) if is_ours else redirect("payment-back", payment.pk)
