"""What is asked of whoever calculates and records taxes.

A calculation is made before the payer is asked for anything, the record when they have paid, and a reversal when some
of it went back. Each call is written down first (`call_provider`), so that a lost answer is asked for again.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from payments.models import Payment, SaleTax, TaxReversal


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is taxed: ISO codes of the country, in the USA and Canada of the state; a business's VAT id."""

    country: str
    region: str = ""
    postal_code: str = ""
    city: str = ""
    line1: str = ""
    vat_id: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What is due on a payment, in minor units of its currency: in its price, or on top of it."""

    reference: str
    tax_amount: int
    percentage: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """The sale on the provider's record."""

    reference: str
    line: str


class Taxes(Protocol):
    """Who calculates and records taxes."""

    name: ClassVar[str]

    def calculate(self, payment: Payment, place: Place, *, inclusive: bool) -> Quote:
        """What is due on the payment's amount. Raises TaxPlaceNeeded, GatewayUnavailable, GatewayRefused."""

    def record(self, tax: SaleTax) -> Record:
        """Record a sale that was paid. Raises GatewayUnavailable, GatewayRefused."""

    def reverse(self, reversal: TaxReversal) -> str:
        """Record what went back; the record's id. Raises GatewayUnavailable, GatewayRefused."""

    def recorded_amount(self, tax: SaleTax) -> int:
        """The tax that the record has for the sale. Raises GatewayUnavailable, GatewayRefused."""
