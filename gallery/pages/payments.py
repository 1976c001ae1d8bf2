"""Where a payer comes back to from their bank: to what they paid for."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect

from gallery.pages.answering import refused_as_pages
from gallery.pages.visitors import MemberRequest
from marketplace.core.errors import AtelierError
from payments import selectors, services

# The first word of a payment's reference, and the page of what it names.
PLACES = {"commission": "commission"}


@login_required
def back(request: MemberRequest, payment_id: UUID) -> HttpResponse:
    """Ask the provider how it went, so that a late webhook does not matter, and show what was paid for."""
    with refused_as_pages():
        payment = selectors.payment_of(request.user, payment_id)
    try:
        services.refresh(payment_id=payment.pk)
    except AtelierError:
        messages.info(request, "The payment provider has not answered yet; this page follows by itself.")
    room, _, subject_id = payment.reference.partition(":")
    return redirect(PLACES[room], subject_id.partition(":")[0]) if room in PLACES else redirect("wall")
