"""Stripe Tax: what is due on a sale, the record of it, and what of it was given back."""

from dataclasses import dataclass
from typing import Any

from marketplace.core.money import Money
from payments.gateway.client import api, faults, under

# Digital Photographs/Images - downloaded - non subscription - with permanent rights: editions and commissions alike.
PICTURE = "txcd_10501000"
VAT_IDS = {"GB": "gb_vat", "CH": "ch_vat", "NO": "no_vat"}  # in the EU: eu_vat
_LINES = {"expand": ["line_items"]}


@dataclass(frozen=True, slots=True)
class TaxQuote:
    """What would be due; `status` is why it is that much (Stripe's taxability reason)."""

    id: str
    status: str
    total: int
    tax_amount: int
    percentage: str
    kind: str


@dataclass(frozen=True, slots=True)
class TaxRecord:
    """A sale, or a part of one that went back, as it is recorded; `line` is the one line that it has."""

    id: str
    status: str
    line: str
    tax_amount: int


def calculate_tax(
    *,
    key: str,
    amount: Money,
    reference: str,
    inclusive: bool,
    country: str,
    region: str,
    postal_code: str,
    city: str,
    line1: str,
    vat_id: str,
) -> TaxQuote:
    """What is due on one picture, sold for `amount` to somebody there. Raises GatewayRefused."""
    given = {"country": country, "state": region, "postal_code": postal_code, "city": city, "line1": line1}
    details: dict[str, Any] = {
        "address": {name: value for name, value in given.items() if value},
        "address_source": "billing",
    }
    if vat_id:
        details["tax_ids"] = [{"type": VAT_IDS.get(country, "eu_vat"), "value": vat_id}]
    line = {
        "amount": amount.amount,
        "reference": reference,
        "tax_behavior": "inclusive" if inclusive else "exclusive",
        "tax_code": PICTURE,
    }
    params: Any = {"currency": amount.currency, "customer_details": details, "line_items": [line]}
    with faults():
        seen = api().v1.tax.calculations.create(params, under(key)).to_dict()  # type: ignore[arg-type]  # plain options
    return _quote(seen)


def record_tax(*, key: str, calculation: str, reference: str) -> TaxRecord:
    """Record a sale that was paid. Raises GatewayRefused, also where its reference was used before."""
    params: Any = {"calculation": calculation, "reference": reference, **_LINES}
    with faults():
        made = api().v1.tax.transactions.create_from_calculation(params, under(key))  # type: ignore[arg-type]
    return _record(made)


def reverse_tax(
    *, key: str, transaction: str, line: str, reference: str, line_amount: int, tax_amount: int
) -> TaxRecord:
    """Record that a part of a sale went back: `line_amount` as the line's own (with or without tax), both positive.

    Raises GatewayRefused.
    """
    entry = {"original_line_item": line, "reference": reference, "amount": -line_amount, "amount_tax": -tax_amount}
    params: Any = {
        "mode": "partial",
        "original_transaction": transaction,
        "reference": reference,
        "line_items": [entry],
        **_LINES,
    }
    with faults():
        made = api().v1.tax.transactions.create_reversal(params, under(key))  # type: ignore[arg-type]  # plain options
    return _record(made)


def retrieve_tax(transaction: str) -> TaxRecord:
    """A record as it is now. Raises GatewayRefused where there is none."""
    params: Any = {**_LINES}
    with faults():
        return _record(api().v1.tax.transactions.retrieve(transaction, params))


def _quote(seen: dict[str, Any]) -> TaxQuote:
    """One line may be taxed at several rates, such as a state's and a city's: they add up, the largest names it."""
    rates = seen["tax_breakdown"]
    main = max(rates, key=lambda rate: (rate["amount"], float(rate["tax_rate_details"]["percentage_decimal"] or 0)))
    percent = sum(float(rate["tax_rate_details"]["percentage_decimal"] or 0) for rate in rates)
    return TaxQuote(
        id=seen["id"],
        status=main["taxability_reason"],
        total=seen["amount_total"],
        tax_amount=seen["tax_amount_exclusive"] + seen["tax_amount_inclusive"],
        percentage=f"{percent:.4f}".rstrip("0").rstrip("."),
        kind=main["tax_rate_details"]["tax_type"] or "",
    )


def _record(made: Any) -> TaxRecord:
    seen: dict[str, Any] = made.to_dict()
    (line,) = seen["line_items"]["data"]
    return TaxRecord(id=seen["id"], status=seen["type"], line=line["id"], tax_amount=line["amount_tax"])
