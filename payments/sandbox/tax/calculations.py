"""Tax calculations: what would be due on a sale."""

import re
from fractions import Fraction
from typing import Any

from payments.sandbox.currencies import currency
from payments.sandbox.documents import public
from payments.sandbox.identifiers import new_id
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Call
from payments.sandbox.store import Document
from payments.sandbox.tax.rates import Rate, is_code, rate_for

_LASTS = 90 * 86_400
_GENERAL, _SHIPPING = "txcd_10000000", "txcd_92010001"
_LONGEST = 100


def create(call: Call) -> Document:
    """``POST /v1/tax/calculations``."""
    sent = call.take(
        "currency", "customer", "customer_details", "line_items", "ship_from_details", "shipping_cost", "tax_date"
    )
    if not 1 <= len(sent["line_items"]) <= _LONGEST:
        raise ParameterProblem(f"Give 1 to {_LONGEST} line items.", param="line_items")
    customer = _customer(call, sent)
    lines = [_line(entry, number, customer) for number, entry in enumerate(sent["line_items"])]
    if len({line["reference"] for line in lines}) < len(lines):
        raise InvalidRequest("Each line item's reference must be unique.", param="line_items")
    shipping = _shipping(sent["shipping_cost"], customer) if sent.get("shipping_cost") else None
    taxed = [*lines, shipping] if shipping else lines
    exclusive = sum(line["amount_tax"] for line in taxed if line["tax_behavior"] == "exclusive")
    calculation: Document = {
        "id": new_id("taxcalc"),
        "object": "tax.calculation",
        "amount_total": sum(line["amount"] for line in taxed) + exclusive,
        "created": call.now,
        "currency": currency(sent["currency"], "currency"),
        "customer": sent.get("customer"),
        "customer_details": customer,
        "expires_at": call.now + _LASTS,
        "livemode": False,
        "ship_from_details": sent.get("ship_from_details"),
        "shipping_cost": public(shipping) if shipping else None,
        "tax_amount_exclusive": exclusive,
        "tax_amount_inclusive": sum(line["amount_tax"] for line in taxed if line["tax_behavior"] == "inclusive"),
        "tax_breakdown": _breakdown(taxed),
        "tax_date": sent.get("tax_date", call.now),
        "_lines": [public(line) for line in lines],
        "_used": False,
    }
    call.tx.add(calculation)
    return shown(calculation)


def retrieve(call: Call) -> Document:
    """``GET /v1/tax/calculations/{calculation}``."""
    call.read({})
    return shown(call.tx.get("tax.calculation", call.ids["calculation"]))


def shown(calculation: Document) -> Document:
    """The calculation as the API shows it, with its lines."""
    url = f"/v1/tax/calculations/{calculation['id']}/line_items"
    lines = {"object": "list", "data": calculation["_lines"], "has_more": False, "url": url}
    return {name: value for name, value in public(calculation).items() if name != "created"} | {"line_items": lines}


def _customer(call: Call, sent: dict[str, Any]) -> Document:
    details = dict(sent.get("customer_details") or {})
    if sent.get("customer"):
        known = call.tx.get("customer", sent["customer"], param="customer")
        details.setdefault("address", known["address"])
        details.setdefault("address_source", "billing")
    address = details.get("address") or {}
    country, state = address.get("country") or "", address.get("state")
    if not re.fullmatch("[A-Z]{2}", country) or (country == "US" and not state):
        raise InvalidRequest(
            "We could not determine the customer's tax location based on the provided customer address.",
            code="customer_tax_location_invalid",
            param="customer_details[address]",
        )
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {
        "address": {name: address.get(name) or None for name in names},
        "address_source": details.get("address_source", "billing"),
        "ip_address": details.get("ip_address"),
        "tax_ids": details.get("tax_ids", []),
        "taxability_override": details.get("taxability_override", "none"),
    }


def _line(sent: dict[str, Any], number: int, customer: Document) -> Document:
    code = sent.get("tax_code", _GENERAL)
    if "product" in sent:
        raise ParameterProblem(
            "The sandbox has no products; name the tax_code.", param=f"line_items[{number}][product]"
        )
    if not is_code(code):
        raise ParameterProblem(f"Invalid tax code: {code}", param=f"line_items[{number}][tax_code]")
    behavior = sent.get("tax_behavior", "exclusive")
    rate = _rate(customer, code)
    return {
        "id": new_id("tax_li", 14),
        "object": "tax.calculation_line_item",
        "amount": sent["amount"],
        "amount_tax": tax_in(sent["amount"], rate.percentage, behavior),
        "livemode": False,
        "metadata": sent.get("metadata"),
        "product": None,
        "quantity": sent.get("quantity", 1),
        "reference": sent.get("reference", f"L{number + 1}"),
        "tax_behavior": behavior,
        "tax_code": code,
        "_rate": rate,
    }


def _shipping(sent: dict[str, Any], customer: Document) -> Document:
    code, behavior = sent.get("tax_code", _SHIPPING), sent.get("tax_behavior", "exclusive")
    rate, amount = _rate(customer, code), sent.get("amount", 0)
    tax = tax_in(amount, rate.percentage, behavior)
    return {"amount": amount, "amount_tax": tax, "tax_behavior": behavior, "tax_code": code, "_rate": rate}


def tax_in(amount: int, percentage: str, behavior: str) -> int:
    """The tax on an amount, or in it, rounded half up."""
    part = Fraction(percentage) / 100
    exact = amount * part / (1 + part) if behavior == "inclusive" else amount * part
    return int(abs(exact) + Fraction(1, 2)) * (-1 if amount < 0 else 1)


def _rate(customer: Document, code: str) -> Rate:
    address = customer["address"]
    return rate_for(
        address["country"],
        address["state"],
        code,
        override=customer["taxability_override"],
        vat_id=any(entry["type"] == "eu_vat" for entry in customer["tax_ids"]),
    )


def _breakdown(lines: list[Document]) -> list[Document]:
    """One entry for each rate, with what was taxed at it."""
    groups: dict[tuple[Rate, bool], list[Document]] = {}
    for line in lines:
        groups.setdefault((line["_rate"], line["tax_behavior"] == "inclusive"), []).append(line)
    return [
        {
            "amount": sum(line["amount_tax"] for line in members),
            "inclusive": inclusive,
            "tax_rate_details": {
                "country": rate.country,
                "flat_amount": None,
                "percentage_decimal": rate.percentage,
                "rate_type": "percentage" if rate.tax_type else None,
                "state": rate.state,
                "tax_type": rate.tax_type,
            },
            "taxability_reason": rate.reason,
            "taxable_amount": 0
            if rate.percentage == "0.0"
            else sum(line["amount"] - (line["amount_tax"] if inclusive else 0) for line in members),
        }
        for (rate, inclusive), members in groups.items()
    ]
