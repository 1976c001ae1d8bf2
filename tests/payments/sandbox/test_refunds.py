"""Refunds: in parts, as a whole, never beyond what was captured."""

import pytest
import stripe


def take(client: stripe.StripeClient, amount: int) -> stripe.PaymentIntent:
    """An intent whose money is taken at once."""
    return client.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "eur",
            "payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )


def test_a_charge_is_refunded_in_parts_and_not_beyond(client: stripe.StripeClient) -> None:
    intent = take(client, 1000)
    first = client.v1.refunds.create({"payment_intent": intent.id, "amount": 400, "reason": "requested_by_customer"})
    assert (first.status, first.amount, first.charge) == ("succeeded", 400, intent.latest_charge)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 601})
    assert refusal.value.param == "amount"

    rest = client.v1.refunds.create({"charge": str(intent.latest_charge)})
    assert rest.amount == 600
    charge = client.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.amount_refunded, charge.refunded) == (1000, True)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_already_refunded"

    refunds = client.v1.refunds.list({"payment_intent": intent.id}).data
    assert [refund.amount for refund in refunds] == [600, 400]
    entry = client.v1.balance_transactions.retrieve(str(first.balance_transaction))
    assert (entry.amount, entry.fee, entry.net, entry.type) == (-400, 0, -400, "refund")


def test_a_partial_capture_is_refunded_up_to_what_was_captured(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": intent.id})
    client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 300})
    assert client.v1.refunds.create({"payment_intent": intent.id}).amount == 300
