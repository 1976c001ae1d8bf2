"""Transfers: what may be sent, where it comes from, and back again."""

from typing import Any

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox
from tests.payments.sandbox.sellers import AT_ONCE, DAY, VISA, funds, kinds, make_artist, take


@pytest.fixture(autouse=True)
def empty(sandbox: RunningSandbox) -> None:
    """Balances begin at nothing."""
    sandbox.control("POST", "reset")


def send(client: stripe.StripeClient, account: str, amount: int, **more: Any) -> stripe.Transfer:
    """A transfer in euros."""
    return client.v1.transfers.create({"amount": amount, "currency": "eur", "destination": account, **more})  # type: ignore[typeddict-item]


def test_what_is_available_can_be_sent_and_no_more(client: stripe.StripeClient) -> None:
    artist = make_artist(client)
    take(client, 10_000, transfer_group="order:1")
    assert funds(client) == (9_680, 0)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        send(client, artist.id, 9_681)
    assert refusal.value.code == "balance_insufficient"

    transfer = send(client, artist.id, 7_000, transfer_group="order:1", metadata={"payee": "artist"})

    assert (transfer.amount, transfer.reversed, transfer.transfer_group) == (7_000, False, "order:1")
    assert funds(client) == (2_680, 0)
    assert funds(client, artist.id) == (7_000, 0)
    payment = client.v1.charges.retrieve(str(transfer.destination_payment), {}, {"stripe_account": artist.id})
    assert (payment.amount, payment.source_transfer) == (7_000, transfer.id)
    assert kinds(client)[-1] == "transfer.created"
    assert [entry.id for entry in client.v1.transfers.list({"transfer_group": "order:1"}).data] == [transfer.id]
    assert client.v1.transfers.list({"destination": "acct_other"}).data == []


def test_a_charges_money_is_sent_on_before_it_is_available(
    client: stripe.StripeClient, sandbox: RunningSandbox
) -> None:
    artist = make_artist(client)
    charge = str(take(client, 10_000, card=VISA).latest_charge)
    first = send(client, artist.id, 6_000, source_transaction=charge)
    assert first.transfer_group == f"group_{charge}"
    assert funds(client, artist.id) == (0, 6_000)
    with pytest.raises(stripe.InvalidRequestError, match="must not exceed the source amount"):
        send(client, artist.id, 4_001, source_transaction=charge)
    sandbox.control("POST", "clock", {"advance": 2 * DAY})
    assert funds(client, artist.id) == (6_000, 0)
    assert funds(client) == (3_680, 0)


def test_a_transfer_comes_back_in_parts(client: stripe.StripeClient) -> None:
    artist = make_artist(client)
    take(client, 10_000)
    transfer = send(client, artist.id, 7_000)
    part = client.v1.transfers.reversals.create(transfer.id, {"amount": 2_000, "metadata": {"why": "refund"}})
    assert part.amount == 2_000
    after = client.v1.transfers.retrieve(transfer.id)
    assert (after.amount_reversed, after.reversed, len(after.reversals.data)) == (2_000, False, 1)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.reversals.create(transfer.id, {"amount": 5_001})
    assert refusal.value.param == "amount"
    client.v1.transfers.reversals.create(transfer.id)
    assert client.v1.transfers.retrieve(transfer.id).reversed
    assert (funds(client), funds(client, artist.id)) == ((9_680, 0), (0, 0))
    assert kinds(client).count("transfer.reversed") == 2
    with pytest.raises(stripe.InvalidRequestError, match="already fully reversed"):
        client.v1.transfers.reversals.create(transfer.id)


def test_who_answers_for_losses_decides_whether_an_account_may_owe(client: stripe.StripeClient) -> None:
    backed = make_artist(client)
    alone = make_artist(
        client,
        controller={
            "fees": {"payer": "application"},
            "losses": {"payments": "stripe"},
            "requirement_collection": "application",
            "stripe_dashboard": {"type": "none"},
        },
    )
    take(client, 10_000)
    for account in (backed, alone):
        transfer = send(client, account.id, 1_000)
        client.v1.payouts.create({"amount": 1_000, "currency": "eur"}, {"stripe_account": account.id})
        if account is backed:
            client.v1.transfers.reversals.create(transfer.id)
            assert funds(client, account.id) == (-1_000, 0)
            reserved = client.v1.balance.retrieve().connect_reserved or []
            assert [(entry.amount, entry.currency) for entry in reserved] == [(1_000, "eur")]
        else:
            with pytest.raises(stripe.InvalidRequestError) as refusal:
                client.v1.transfers.reversals.create(transfer.id)
            assert refusal.value.code == "balance_insufficient"


def test_a_transfer_that_makes_no_sense_is_refused(client: stripe.StripeClient) -> None:
    unknown = client.v1.accounts.create({"type": "express", "country": "DE"})
    artist = make_artist(client)
    intent = take(client, 1_000, capture_method="manual")
    refused: list[tuple[dict[str, Any], str | None, str | None]] = [
        ({"destination": "acct_nobody"}, "resource_missing", "destination"),
        ({"destination": unknown.id}, "insufficient_capabilities_for_transfer", None),
        ({"source_transaction": "ch_nobody"}, "resource_missing", "source_transaction"),
        ({"source_transaction": intent.latest_charge}, None, "source_transaction"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"currency": "xyz"}, None, "currency"),
        ({"source_type": "gold"}, None, "source_type"),
    ]
    for change, code, param in refused:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            send(client, **{"account": artist.id, "amount": 100, **change})
        assert (refusal.value.code, refusal.value.param) == (code, param), change


def test_a_transfer_is_made_once_for_one_key(client: stripe.StripeClient) -> None:
    artist = make_artist(client)
    take(client, 10_000)
    made = {
        client.v1.transfers.create(
            {"amount": 500, "currency": "eur", "destination": artist.id}, {"idempotency_key": "pay-once"}
        ).id
        for _ in range(3)
    }
    assert len(made) == 1
    assert funds(client, artist.id) == (500, 0)


def test_an_account_that_may_takes_payments_itself(client: stripe.StripeClient) -> None:
    artist = make_artist(client)
    hermit = make_artist(client, capabilities={"transfers": {"requested": True}})
    given: Any = {
        "amount": 1_000,
        "currency": "eur",
        "payment_method_types": ["card"],
        "payment_method": AT_ONCE,
        "confirm": True,
    }
    key: Any = {"idempotency_key": "direct", "stripe_account": artist.id}
    intent = client.v1.payment_intents.create(given, key)
    assert client.v1.payment_intents.create(given, key).id == intent.id
    assert (funds(client, artist.id), funds(client)) == ((941, 0), (0, 0))
    assert "payment_intent.succeeded" in kinds(client, artist.id)
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        client.v1.payment_intents.retrieve(intent.id)
    assert client.v1.payment_intents.create(given, {"idempotency_key": "direct"}).id != intent.id
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(given, {"stripe_account": hermit.id})
    assert refusal.value.code == "charge_not_allowed"
