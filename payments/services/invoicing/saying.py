"""What is on an invoice or a credit note: gathered when it is issued, and the same for ever."""

from typing import Any

from django.conf import settings

from marketplace.accounts.models import User
from marketplace.core.countries import country_name
from marketplace.core.languages import kept, speaking
from marketplace.core.money import Money
from payments.models import Dispute, Paper, Payment, Refund, SaleTax
from payments.selectors.parts import TAX, read
from payments.selectors.taxes import billing_of

BANK_TOOK_IT = kept("Your bank took the payment back.")


def said_of_sale(payment: Payment, *, title: str, detail: str, seller: str) -> dict[str, Any]:
    """An invoice's content: who sold what to whom, for how much, of that which tax, and how it was paid."""
    assert payment.captured_at is not None
    return {
        "house": _house(),
        "buyer": _buyer(payment.payer),
        "seller": seller,
        "title": title,
        "detail": detail,
        "currency": payment.currency,
        "net": payment.net,
        "tax": payment.tax_amount,
        "total": payment.amount,
        "tax_label": _tax_label(payment),
        "paid_at": payment.captured_at.date().isoformat(),
        "paid_with": payment.paid_with,
        "reference": payment.reference,
    }


def said_of_return(invoice: Paper, returned: Refund | Dispute, left: int) -> dict[str, Any]:
    """A credit note's content: the invoice's, with what went back (at most `left`) in place of the amounts."""
    total = min(returned.amount, left)
    tax = min(read(returned.parts).get(TAX, 0), total)
    reason = returned.reason if isinstance(returned, Refund) else BANK_TOOK_IT
    said: dict[str, Any] = invoice.said
    return said | {
        "net": tax - total,
        "tax": -tax,
        "total": -total,
        "corrects": invoice.name,
        "corrects_date": invoice.issued_at.date().isoformat(),
        "reason": reason,
    }


def lines_of(said: dict[str, Any]) -> str:
    """Everything in it that is written, for whoever needs to know the letters."""
    values = [part for value in said.values() for part in (value.values() if isinstance(value, dict) else [value])]
    return " ".join(" ".join(map(str, part)) if isinstance(part, list) else str(part) for part in values)


def money(said: dict[str, Any], name: str) -> Money:
    """One of its amounts."""
    return Money(said[name], said["currency"])


def _house() -> dict[str, Any]:
    atelier = settings.ATELIER
    return {
        "name": atelier.house_name,
        "lines": [line.strip() for line in atelier.house_address.split(";") if line.strip()],
        "tax_id": atelier.house_tax_id,
        "url": atelier.public_url,
    }


def _buyer(user: User) -> dict[str, Any]:
    details = billing_of(user)
    city = f"{details.postal_code} {details.city}".strip()
    region = f", {details.region}" if details.region and city else details.region
    with speaking(user.language):
        country = country_name(user.tax_country)
    lines = [details.line1, f"{city}{region}", country]
    return {
        "name": details.name or user.name,
        "lines": [line for line in lines if line],
        "vat_id": details.vat_id,
        "email": user.email,
    }


def _tax_label(payment: Payment) -> str:
    if not payment.is_taxable:
        return kept("Not taxed: given freely, for nothing in return")
    tax = SaleTax.objects.filter(payment=payment).first()
    if tax is None:
        return ""
    return f"{tax.label} ({tax.country_name})" if payment.tax_amount else tax.label
