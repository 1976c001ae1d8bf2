"""Disputes: a test card brings one, the evidence's words decide it, and the money follows."""

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import DAY, VISA, funds, kinds, take

FRAUD, INQUIRY = "pm_card_createDispute", "pm_card_createDisputeInquiry"
FEE = 1_500
TAKEN = 10_000 - 320


@pytest.fixture(autouse=True)
def empty(sandbox: RunningSandbox) -> None:
    """Balances begin at nothing, and nothing has happened."""
    sandbox.control("POST", "reset")


def disputed(client: stripe.StripeClient, card: str = FRAUD) -> stripe.Dispute:
    """A dispute over a payment of 100 euros."""
    intent = take(client, 10_000, card=card)
    (dispute,) = client.v1.disputes.list({"payment_intent": intent.id}).data
    return dispute


def said(client: stripe.StripeClient) -> list[str]:
    """What happened to disputes, oldest first."""
    return [kind.removeprefix("charge.dispute.") for kind in kinds(client) if kind.startswith("charge.dispute.")]


def test_a_disputed_payment_is_taken_back_with_a_fee(client: stripe.StripeClient) -> None:
    dispute = disputed(client)
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 10_000)
    assert sum(funds(client)) == TAKEN - 10_000 - FEE
    (entry,) = dispute.balance_transactions
    assert (entry.type, entry.amount, entry.fee, entry.net) == ("adjustment", -10_000, FEE, -10_000 - FEE)
    assert client.v1.charges.retrieve(str(dispute.charge)).disputed
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": str(dispute.charge)})
    assert refusal.value.code == "charge_disputed"
    assert said(client) == ["created", "funds_withdrawn"]


@pytest.mark.parametrize(
    ("words", "status", "money", "events"),
    [
        ("winning_evidence", "won", TAKEN - FEE, ["updated", "funds_reinstated", "closed"]),
        ("losing_evidence", "lost", TAKEN - 10_000 - FEE, ["updated", "closed"]),
    ],
)
def test_the_evidence_decides(
    client: stripe.StripeClient, sandbox: RunningSandbox, words: str, status: str, money: int, events: list[str]
) -> None:
    dispute = disputed(client)
    staged = client.v1.disputes.update(dispute.id, {"evidence": {"product_description": "A picture"}, "submit": False})
    assert (staged.status, staged.evidence_details.submission_count) == ("needs_response", 0)
    answered = client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": words}})
    assert (answered.status, answered.evidence_details.submission_count) == ("under_review", 1)
    assert answered.evidence.product_description == "A picture"
    sandbox.control("POST", "clock", {"advance": 1})
    assert client.v1.disputes.retrieve(dispute.id).status == status
    assert sum(funds(client)) == money
    assert said(client) == ["created", "funds_withdrawn", "updated", *events]
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "more"}})


def test_who_does_not_answer_has_lost(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    dispute = disputed(client, "pm_card_createDisputeProductNotReceived")
    assert dispute.reason == "product_not_received"
    sandbox.control("POST", "clock", {"advance": 9 * DAY})
    lost = client.v1.disputes.retrieve(dispute.id)
    assert (lost.status, lost.evidence_details.past_due) == ("lost", True)


def test_a_dispute_is_given_up(client: stripe.StripeClient) -> None:
    dispute = disputed(client)
    assert client.v1.disputes.close(dispute.id).status == "lost"
    assert said(client)[-1] == "closed"


def test_an_inquiry_takes_nothing_until_it_is_escalated(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    inquiry = disputed(client, INQUIRY)
    assert (inquiry.status, sum(funds(client))) == ("warning_needs_response", TAKEN)
    client.v1.refunds.create({"charge": str(inquiry.charge), "amount": 1_000})
    client.v1.disputes.update(inquiry.id, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}})
    sandbox.control("POST", "clock", {"advance": 1})
    assert client.v1.disputes.retrieve(inquiry.id).status == "needs_response"
    assert sum(funds(client)) == TAKEN - 1_000 - 10_000 - FEE

    answered = disputed(client, INQUIRY)
    client.v1.disputes.update(answered.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    sandbox.control("POST", "clock", {"advance": 1})
    assert client.v1.disputes.retrieve(answered.id).status == "warning_closed"


def test_a_bank_warns_of_fraud(client: stripe.StripeClient) -> None:
    intent = take(client, 1_000, card="pm_card_createIssuerFraudRecord")
    take(client, 1_000, card=VISA)
    (warning,) = client.v1.radar.early_fraud_warnings.list({"payment_intent": intent.id}).data
    assert (warning.charge, warning.actionable) == (intent.latest_charge, True)
    assert kinds(client).count("radar.early_fraud_warning.created") == 1
