"""Idempotency keys: the same request twice has one effect and one answer."""

import threading
import time
import uuid

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox, wait_until

DAY = 86_400


def new_key() -> str:
    """A key nobody has used."""
    return str(uuid.uuid4())


def test_a_repeated_request_gets_the_first_answer(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    key = new_key()
    first = client.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": key})
    second = client.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": key})
    assert first.id == second.id
    assert first.last_response is not None
    assert second.last_response is not None
    assert "idempotent-replayed" not in first.last_response.headers
    assert second.last_response.headers["idempotent-replayed"] == "true"
    assert second.last_response.headers["original-request"] == first.last_response.headers["request-id"]
    calls = sandbox.control("GET", f"calls?idempotency_key={key}")["calls"]
    assert [(call["outcome"], call["status"]) for call in calls] == [("executed", 200), ("replayed", 200)]


def test_a_key_means_one_request_only(client: stripe.StripeClient) -> None:
    key = new_key()
    intent = client.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": key})
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        client.v1.payment_intents.create({"amount": 200, "currency": "eur"}, {"idempotency_key": key})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.payment_intents.cancel(intent.id, {}, {"idempotency_key": key})


def test_a_decline_is_repeated_and_not_tried_again(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    key = new_key()
    charges = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as decline:
            client.v1.payment_intents.create(
                {
                    "amount": 100,
                    "currency": "eur",
                    "payment_method_types": ["card"],
                    "payment_method": "pm_card_chargeDeclined",
                    "confirm": True,
                },
                {"idempotency_key": key},
            )
        assert decline.value.error is not None
        charges.append(decline.value.error.charge)
    assert charges[0] == charges[1]
    outcomes = [call["outcome"] for call in sandbox.control("GET", f"calls?idempotency_key={key}")["calls"]]
    assert outcomes == ["executed", "replayed"]


def test_a_refused_parameter_does_not_use_up_the_key(client: stripe.StripeClient) -> None:
    key = new_key()
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({"amount": -5, "currency": "eur"}, {"idempotency_key": key})
    assert client.v1.payment_intents.create({"amount": 500, "currency": "eur"}, {"idempotency_key": key}).amount == 500


def test_a_second_request_beside_the_first_is_told_so(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    key = new_key()
    sandbox.control("POST", "faults", {"kind": "delay", "seconds": 0.6, "path": "/v1/customers", "method": "POST"})
    made: list[str] = []

    def create() -> None:
        made.append(sandbox.client().v1.customers.create({"name": "A"}, {"idempotency_key": key}).id)

    first = threading.Thread(target=create)
    first.start()
    wait_until(lambda: sandbox.control("GET", "state")["faults"] == [])
    time.sleep(0.1)  # from taking the fault to claiming the key
    with pytest.raises(stripe.StripeError) as refusal:
        client.v1.customers.create({"name": "A"}, {"idempotency_key": key})
    assert refusal.value.error is not None
    assert (refusal.value.http_status, refusal.value.error.code) == (409, "idempotency_key_in_use")
    first.join()
    assert client.v1.customers.create({"name": "A"}, {"idempotency_key": key}).id == made[0]


def test_a_key_is_forgotten_after_a_day(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    key = new_key()
    first = client.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": key})
    sandbox.control("POST", "clock", {"advance": DAY})
    second = client.v1.payment_intents.create({"amount": 200, "currency": "eur"}, {"idempotency_key": key})
    assert first.id != second.id
