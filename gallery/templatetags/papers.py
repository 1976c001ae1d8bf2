"""How templates show the invoice for a payment, and what was credited of it."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

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
