"""Webhooks: signed, repeated until they are taken, and never lost."""

from pathlib import Path

import pytest
import stripe

from tests.payments.sandbox.running import Receiver, RunningSandbox, wait_until


@pytest.fixture(autouse=True)
def quiet(receiver: Receiver, sandbox: RunningSandbox) -> None:
    """Nothing of an earlier test is still on its way."""
    receiver.status = 200
    sandbox.control("POST", "webhooks", {"paused": False, "copies": 1, "order": "created", "delay": 0})
    wait_until(lambda: sandbox.control("GET", "state")["webhooks"]["pending"] == 0)
    receiver.deliveries.clear()


def pending(client: stripe.StripeClient, event: str) -> int:
    """How many deliveries of an event are still owed."""
    return client.v1.events.retrieve(event).pending_webhooks


def test_an_event_arrives_signed(client: stripe.StripeClient, receiver: Receiver) -> None:
    intent = client.v1.payment_intents.create(
        {"amount": 100, "currency": "eur", "metadata": {"order": "7"}}, {"idempotency_key": "signed"}
    )
    wait_until(lambda: bool(receiver.deliveries))
    (event,) = receiver.events()
    assert (event.type, event.data.object["id"], event.livemode) == ("payment_intent.created", intent.id, False)
    assert event.api_version
    assert event["request"]["idempotency_key"] == "signed"
    wait_until(lambda: pending(client, event.id) == 0)

    payload, signature = receiver.deliveries[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(payload.replace("100", "1"), signature, "whsec_sandbox_tests")


def test_a_refused_event_comes_again_until_it_is_taken(client: stripe.StripeClient, receiver: Receiver) -> None:
    receiver.status = 500
    client.v1.customers.create({"name": "Refused"})
    wait_until(lambda: len(receiver.deliveries) >= 2)
    event = receiver.events()[0]
    assert pending(client, event.id) == 1
    receiver.status = 204
    wait_until(lambda: pending(client, event.id) == 0)
    assert {received.id for received in receiver.events()} == {event.id}


def test_events_are_held_back_reordered_doubled_and_sent_again(
    client: stripe.StripeClient, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    sandbox.control("POST", "webhooks", {"paused": True, "copies": 2, "order": "reversed"})
    for number in range(6):
        client.v1.customers.create({"name": str(number)})
    assert sandbox.control("GET", "state")["webhooks"]["pending"] == 12
    assert receiver.deliveries == []

    sandbox.control("POST", "webhooks", {"paused": False})
    wait_until(lambda: len(receiver.deliveries) == 12)
    names = [event.data.object["name"] for event in receiver.events()]
    assert sorted(names) == sorted([*"012345"] * 2)
    assert set(names[:8]) == set("5432")

    sandbox.control("POST", f"events/{receiver.events()[0].id}/resend", {"times": 3})
    wait_until(lambda: len(receiver.deliveries) == 15)


def test_events_come_in_no_order_and_late(
    client: stripe.StripeClient, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    sandbox.control("POST", "webhooks", {"paused": True, "order": "shuffled"})
    for number in range(24):
        client.v1.customers.create({"name": f"{number:02}"})
    sandbox.control("POST", "webhooks", {"paused": False})
    wait_until(lambda: len(receiver.deliveries) == 24)
    names = [event.data.object["name"] for event in receiver.events()]
    assert sorted(names) != names
    receiver.deliveries.clear()

    sandbox.control("POST", "webhooks", {"delay": 3600})
    client.v1.customers.create({"name": "Late"})
    assert sandbox.control("GET", "state")["webhooks"]["pending"] == 1
    assert receiver.deliveries == []
    sandbox.control("POST", "reset")


def test_a_killed_sandbox_remembers_everything_and_delivers_what_it_owed(tmp_path: Path) -> None:
    receiver = Receiver()
    sandbox = RunningSandbox(tmp_path / "deep" / "sandbox.sqlite3", webhook_url=receiver.url)
    sandbox.start()
    try:
        client = sandbox.client()
        receiver.status = 503
        intent = client.v1.payment_intents.create(
            {
                "amount": 2500,
                "currency": "eur",
                "capture_method": "manual",
                "payment_method_types": ["card"],
                "payment_method": "pm_card_visa",
                "confirm": True,
            },
            {"idempotency_key": "before-the-crash"},
        )
        sandbox.kill()
        receiver.deliveries.clear()
        receiver.status = 200
        sandbox.start()

        replayed = client.v1.payment_intents.create(
            {
                "amount": 2500,
                "currency": "eur",
                "capture_method": "manual",
                "payment_method_types": ["card"],
                "payment_method": "pm_card_visa",
                "confirm": True,
            },
            {"idempotency_key": "before-the-crash"},
        )
        assert (replayed.id, replayed.status) == (intent.id, "requires_capture")
        assert client.v1.payment_intents.capture(intent.id).amount_received == 2500
        wait_until(lambda: len({event.id for event in receiver.events()}) == 5)
        assert {event.type for event in receiver.events()} == {
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "charge.captured",
            "payment_intent.succeeded",
        }
    finally:
        sandbox.stop()
        receiver.close()
