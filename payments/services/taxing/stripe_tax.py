"""Stripe Tax, in the places in which the house is registered there; elsewhere it collects nothing."""

from typing import ClassVar

from django.utils.translation import gettext

from marketplace.core.money import Money
from payments import gateway
from payments.errors import GatewayRefused, TaxPlaceNeeded
from payments.models import Payment, SaleTax, TaxReversal
from payments.services.calling import call_provider
from payments.services.taxing.port import Place, Quote, Record

_PLACE_REFUSED = {"customer_tax_location_invalid", "postal_code_invalid", "state_unsupported"}


class StripeTax:
    """Taxes by Stripe's Tax API; one line a payment."""

    name: ClassVar[str] = "stripe"

    def calculate(self, payment: Payment, place: Place, *, inclusive: bool) -> Quote:
        try:
            seen = call_provider(
                payment, "tax", gateway.calculate_tax, amount=Money(payment.amount, payment.currency),
                reference=payment.reference, inclusive=inclusive, country=place.country, region=place.region,
                postal_code=place.postal_code, city=place.city, line1=place.line1, vat_id=place.vat_id,
            )  # fmt: skip
        except GatewayRefused as refused:
            code = refused.data.get("provider_code")
            if code in _PLACE_REFUSED:
                raise TaxPlaceNeeded(gettext("This address cannot be found; please look at it again.")) from refused
            if code == "tax_id_invalid":
                told = {"vat_id": [gettext("It is not written as one of that country's.")]}
                raise TaxPlaceNeeded(gettext("The VAT id is not valid."), errors=told) from refused
            raise
        return Quote(seen.id, seen.tax_amount, seen.percentage, seen.kind, seen.status)

    def record(self, tax: SaleTax) -> Record:
        made = call_provider(
            tax, "record_tax", gateway.record_tax, calculation=tax.calculation_id, reference=f"payment:{tax.payment_id}"
        )
        return Record(made.id, made.line)

    def reverse(self, reversal: TaxReversal) -> str:
        tax = reversal.tax
        line = reversal.amount if tax.payment.tax_inclusive else reversal.amount - reversal.tax_amount
        made = call_provider(
            reversal, "reverse_tax", gateway.reverse_tax, transaction=tax.transaction_id, line=tax.line_id,
            reference=reversal.reference, line_amount=line, tax_amount=reversal.tax_amount,
        )  # fmt: skip
        return made.id

    def recorded_amount(self, tax: SaleTax) -> int:
        return gateway.retrieve_tax(str(tax.transaction_id)).tax_amount
