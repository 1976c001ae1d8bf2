"""Taxes: calculated by place and kind of goods, recorded once, reversed in whole and in part."""

from typing import Any

import pytest
import stripe

DIGITAL, GOODS, NONTAXABLE = "txcd_10000000", "txcd_99999999", "txcd_00000000"


def calculate(client: stripe.StripeClient, country: str, *amounts: int, **more: Any) -> stripe.tax.Calculation:
    """What is due on some digital goods, sold to somebody there."""
    state = more.pop("state", None)
    code, behavior = more.pop("code", DIGITAL), more.pop("behavior", "exclusive")
    details: dict[str, Any] = {
        "address": {"country": country, **({"state": state} if state else {})},
        "address_source": "billing",
        **more.pop("details", {}),
    }
    lines = [{"amount": amount, "tax_code": code, "tax_behavior": behavior} for amount in amounts]
    return client.v1.tax.calculations.create(
        {"currency": "eur", "customer_details": details, "line_items": lines, **more}  # type: ignore[typeddict-item]
    )


@pytest.mark.parametrize(
    ("country", "state", "code", "tax", "reason"),
    [
        ("DE", None, DIGITAL, 1900, "standard_rated"),
        ("FR", None, DIGITAL, 2000, "standard_rated"),
        ("GB", None, GOODS, 2000, "standard_rated"),
        ("FI", None, DIGITAL, 2550, "standard_rated"),
        ("JP", None, DIGITAL, 1000, "standard_rated"),
        ("US", "TX", DIGITAL, 625, "standard_rated"),
        ("US", "CA", GOODS, 725, "standard_rated"),
        ("US", "CA", DIGITAL, 0, "product_exempt"),
        ("US", "OR", GOODS, 0, "not_collecting"),
        ("BR", None, DIGITAL, 0, "not_collecting"),
        ("DE", None, NONTAXABLE, 0, "product_exempt"),
    ],
)
def test_tax_depends_on_place_and_goods(
    client: stripe.StripeClient, country: str, state: str | None, code: str, tax: int, reason: str
) -> None:
    found = calculate(client, country, 10_000, state=state, code=code)
    assert (found.tax_amount_exclusive, found.amount_total) == (tax, 10_000 + tax)
    (entry,) = found.tax_breakdown
    assert (entry.taxability_reason, entry.amount, entry.tax_rate_details.country) == (reason, tax, country)


def test_tax_may_be_in_the_price_and_is_rounded_by_the_line(client: stripe.StripeClient) -> None:
    found = calculate(client, "DE", 1190, 333, behavior="inclusive")
    assert (found.tax_amount_inclusive, found.tax_amount_exclusive, found.amount_total) == (190 + 53, 0, 1523)
    lines = client.v1.tax.calculations.line_items.list(str(found.id), {"limit": 1})
    assert (lines.has_more, [line.amount_tax for line in lines.data]) == (True, [190])
    assert [line.amount_tax for line in lines.auto_paging_iter()] == [190, 53]
    assert found.tax_breakdown[0].taxable_amount == 1523 - 243


@pytest.mark.parametrize(
    ("country", "details", "reason"),
    [
        ("FR", {"tax_ids": [{"type": "eu_vat", "value": "FRAB123456789"}]}, "reverse_charge"),
        ("DE", {"tax_ids": [{"type": "eu_vat", "value": "DE123456789"}]}, "standard_rated"),
        ("DE", {"taxability_override": "customer_exempt"}, "customer_exempt"),
    ],
)
def test_some_customers_pay_their_tax_themselves(
    client: stripe.StripeClient, country: str, details: dict[str, Any], reason: str
) -> None:
    assert calculate(client, country, 100, details=details).tax_breakdown[0].taxability_reason == reason


@pytest.mark.parametrize(
    ("more", "country", "param"),
    [
        ({}, "US", "customer_details[address]"),
        ({"code": "txcd_x"}, "DE", "line_items[0][tax_code]"),
        ({"line_items": []}, "DE", "line_items"),
        ({"currency": "xyz"}, "DE", "currency"),
        ({"customer": "cus_nobody"}, "DE", "customer"),
    ],
)
def test_what_cannot_be_taxed_is_refused(
    client: stripe.StripeClient, more: dict[str, Any], country: str, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        calculate(client, country, 100, **more)
    assert refusal.value.param == param


def record(client: stripe.StripeClient, calculation: stripe.tax.Calculation, reference: str) -> stripe.tax.Transaction:
    """The sale has happened."""
    return client.v1.tax.transactions.create_from_calculation(
        {"calculation": str(calculation.id), "reference": reference, "expand": ["line_items"]}
    )


def test_a_sale_is_recorded_once_and_reversed_line_by_line(client: stripe.StripeClient) -> None:
    calculation = calculate(client, "DE", 10_000, 5_000)
    sale = record(client, calculation, "order-1")
    assert sale.line_items is not None
    first, second = sale.line_items.data
    assert (sale.type, first.amount_tax, second.amount_tax) == ("transaction", 1900, 950)
    with pytest.raises(stripe.InvalidRequestError):
        record(client, calculation, "order-1-again")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        record(client, calculate(client, "DE", 100), "order-1")
    assert refusal.value.param == "reference"

    def reverse(reference: str, amount: int, tax: int) -> stripe.tax.Transaction:
        line: Any = {
            "amount": amount, "amount_tax": tax, "original_line_item": first.id, "reference": reference,
        }  # fmt: skip
        return client.v1.tax.transactions.create_reversal(
            {"mode": "partial", "original_transaction": sale.id, "reference": reference, "line_items": [line]}
        )

    part = reverse("refund-1", -4_000, -760)
    assert part.reversal is not None
    assert (part.type, part.reversal.original_transaction) == ("reversal", sale.id)
    with pytest.raises(stripe.InvalidRequestError, match="less left to reverse"):
        reverse("refund-2", -6_001, -1_140)
    rest = client.v1.tax.transactions.create_reversal(
        {"mode": "partial", "original_transaction": sale.id, "reference": "refund-3", "flat_amount": -1_190}
    )
    lines = client.v1.tax.transactions.line_items.list(rest.id).data
    assert sum(line.amount + line.amount_tax for line in lines) == -1_190


def test_a_sale_is_reversed_as_a_whole(client: stripe.StripeClient) -> None:
    sale = record(client, calculate(client, "DE", 10_000), "order-2")
    given: Any = {"mode": "full", "original_transaction": sale.id, "reference": "undo-2"}
    assert client.v1.tax.transactions.create_reversal(given).type == "reversal"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.tax.transactions.create_reversal(given | {"reference": "undo-2-again"})
    assert client.v1.tax.transactions.retrieve(sale.id).reference == "order-2"
