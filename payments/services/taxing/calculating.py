"""The tax on a payment: calculated once, before its payer is asked for anything.

Prices in TAX_EXCLUSIVE_CURRENCIES are without tax, as people in the USA and Canada expect: it comes on top. All others
have it in them, as consumers in Europe must be told: it comes out of what everybody gets, in proportion.
"""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from payments.models import Payment, SaleTax
from payments.services.applying import locked
from payments.services.splitting import without_tax
from payments.services.taxing.choosing import chosen
from payments.services.taxing.places import place_of
from payments.services.taxing.port import Place, Quote


def settle_tax(payment: Payment) -> Payment:
    """The payment with its tax; as it is where none is collected, or it has been calculated already.

    Talks to the provider, so it must not be called inside a transaction. Raises TaxPlaceNeeded, GatewayUnavailable,
    GatewayRefused.
    """
    taxes = chosen()
    if taxes is None or not payment.is_taxable or payment.tax_reference or payment.state != Payment.State.CREATED:
        return payment
    place = place_of(payment.payer)
    inclusive = payment.currency not in settings.ATELIER.tax_exclusive_currencies
    quote = taxes.calculate(payment, place, inclusive=inclusive)
    return _apply(payment.pk, taxes.name, quote, place, inclusive)


@transaction.atomic
def _apply(payment_id: UUID, provider: str, quote: Quote, place: Place, inclusive: bool) -> Payment:
    payment = locked(payment_id)
    if payment.tax_reference or payment.state != Payment.State.CREATED or payment.intent_id is not None:
        return payment  # somebody else was quicker, or it was given up meanwhile
    payment.tax_reference, payment.tax_inclusive = quote.reference, inclusive
    payment.tax_amount = quote.tax_amount
    if not inclusive:
        payment.amount += quote.tax_amount
    payment.splits = without_tax(payment.splits, payment.net)
    payment.save(update_fields=["tax_reference", "tax_inclusive", "tax_amount", "amount", "splits", "updated_at"])
    SaleTax.objects.create(
        payment=payment,
        provider=provider,
        country=place.country,
        region=place.region,
        postal_code=place.postal_code,
        vat_id=place.vat_id,
        percentage=quote.percentage,
        kind=quote.kind,
        reason=quote.reason,
        calculation_id=quote.reference,
    )
    return payment
