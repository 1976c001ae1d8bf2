"""How templates show what is tax of a price, the invoice for a payment, and what was credited of it."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext

from marketplace.accounts.models import User
from payments import selectors
from payments.models import Payment

register = template.Library()


@register.inclusion_tag("gallery/papers.html")
def papers(payment: Payment, reader: User | AnonymousUser) -> dict[str, Any]:
    """Links to the papers of a payment, for who may read them."""
    if not isinstance(reader, User) or payment.captured_at is None:
        return {"papers": []}
    return {"papers": selectors.papers_for(payment, reader)}


@register.filter
def tax_hint(currencies: Sequence[str]) -> str:
    """Whether prices have the tax in them; nothing where none is collected."""
    if settings.ATELIER.taxes == "none" or not currencies:
        return ""
    on_top = [code.upper() for code in currencies if code in settings.ATELIER.tax_exclusive_currencies]
    if not on_top:
        return gettext("The tax is in the price.")
    return gettext("Prices in %(words)s are without tax, which comes on top at the payment.") % {
        "words": " and ".join(on_top)
    }
