"""Refunds: in parts, as a whole, never beyond what was captured."""

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import funds, make_artist
from tests.payments.sandbox.sellers import take as sell


def take(client: stripe.StripeClient, amount: int, card: str = "pm_card_visa") -> stripe.PaymentIntent:
    """An intent whose money is taken at once."""
    return client.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "eur",
            "payment_method_types": ["card"],
            "payment_method": card,
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


def test_a_refund_may_pend_or_fail_after_all(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    pending, failing = take(client, 1000, "pm_card_pendingRefund"), take(client, 1000, "pm_card_refundFail")
    first = client.v1.refunds.create({"payment_intent": pending.id, "amount": 400})
    second = client.v1.refunds.create({"payment_intent": failing.id, "amount": 600})
    assert (first.status, second.status) == ("pending", "succeeded")
    assert client.v1.charges.retrieve(str(failing.latest_charge)).amount_refunded == 600
    sandbox.control("POST", "clock", {"advance": 60})
    assert client.v1.refunds.retrieve(first.id).status == "succeeded"
    failed = client.v1.refunds.retrieve(second.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.amount == 600
    assert client.v1.charges.retrieve(str(failing.latest_charge)).amount_refunded == 0
    told = [event.type for event in client.v1.events.list({"limit": 5}).data]
    assert sorted(told) == [
        "charge.refund.updated", "charge.refund.updated", "refund.failed", "refund.updated", "refund.updated",
    ]  # fmt: skip


def test_a_refund_takes_its_share_back_from_the_destination(client: stripe.StripeClient) -> None:
    artist = make_artist(client)
    intent = sell(client, 1000, transfer_data={"destination": artist.id, "amount": 701})
    assert funds(client, artist.id) == (701, 0)
    refunds = [
        client.v1.refunds.create({"payment_intent": intent.id, "amount": amount, "reverse_transfer": True})
        for amount in (333, 333, 334)
    ]
    assert funds(client, artist.id) == (0, 0)
    assert all(refund.transfer_reversal for refund in refunds)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": take(client, 1000).id, "reverse_transfer": True})
    assert refusal.value.param == "reverse_transfer"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": take(client, 1000).id, "refund_application_fee": True})
    assert refusal.value.param == "refund_application_fee"
