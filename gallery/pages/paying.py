"""The payment form, for whatever is paid: see gallery/payment_form.html for how a page uses it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from gallery.pages.visitors import MemberRequest
from payments import selectors, services
from payments.errors import TaxPlaceNeeded
from payments.models import Payment, SavedCard


@dataclass(frozen=True, slots=True)
class PaymentForm:
    """What gallery/payment_form.html shows; `return_url` is absolute, `here` is the page that shows the form."""

    payment: Payment
    verb: str
    return_url: str
    here: str
    cards: list[SavedCard]
    publishable_key: str
    stripe_js_url: str


def tax_place_first(request: MemberRequest) -> HttpResponse | None:
    """Where tax is collected and nobody knows yet where this person is taxed: the page that asks, then this one."""
    try:
        services.require_tax_place(user=request.user)
    except TaxPlaceNeeded:
        return redirect(f"{reverse('billing')}?{urlencode({'next': request.path})}")
    return None


def payment_form(request: HttpRequest, payment: Payment, *, verb: str, back: str) -> PaymentForm:
    """The form for a payment that is prepared and payable; `back` is the path to go to once it is paid."""
    return PaymentForm(
        payment=payment,
        verb=verb,
        return_url=request.build_absolute_uri(back),
        here=request.path,
        cards=list(selectors.saved_cards(payment.payer)),
        publishable_key=settings.ATELIER.stripe_publishable_key,
        stripe_js_url=settings.ATELIER.stripe_js_url,
    )
