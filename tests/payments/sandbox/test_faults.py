"""Faults on order: each strikes where it says, and what really happened can be found out."""

import time

import pytest
import stripe

from tests.payments.sandbox.running import RunningSandbox

PATH = "/v1/payment_intents"


def outcomes(sandbox: RunningSandbox, key: str) -> list[str]:
    """What became of the calls with a key."""
    return [call["outcome"] for call in sandbox.control("GET", f"calls?idempotency_key={key}")["calls"]]


def create(client: stripe.StripeClient, key: str) -> stripe.PaymentIntent:
    """A small intent."""
    return client.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": key})


def test_an_answer_is_lost_after_the_work_was_done(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    sandbox.control("POST", "faults", {"kind": "drop", "method": "POST", "path": PATH})
    with pytest.raises(stripe.APIConnectionError) as lost:
        create(client, "lost-answer")
    assert lost.value.should_retry
    found = create(client, "lost-answer")
    assert outcomes(sandbox, "lost-answer") == ["executed", "replayed"]
    assert client.v1.payment_intents.list({"limit": 1}).data[0].id == found.id


def test_a_request_is_lost_before_anything_was_done(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    sandbox.control("POST", "faults", {"kind": "drop", "stage": "before", "method": "POST", "path": PATH})
    with pytest.raises(stripe.APIConnectionError):
        create(client, "lost-request")
    create(client, "lost-request")
    assert outcomes(sandbox, "lost-request") == ["faulted", "executed"]


def test_the_sdk_gets_through_by_itself(sandbox: RunningSandbox) -> None:
    sandbox.control("POST", "faults", {"kind": "error", "status": 503, "method": "POST", "path": PATH})
    sandbox.control("POST", "faults", {"kind": "drop", "method": "POST", "path": PATH})
    create(sandbox.client(retries=2), "by-itself")
    assert outcomes(sandbox, "by-itself") == ["faulted", "executed", "replayed"]


def test_a_server_error_during_the_work_is_kept_under_the_key(
    client: stripe.StripeClient, sandbox: RunningSandbox
) -> None:
    before = client.v1.payment_intents.list({"limit": 1}).data[0].id
    sandbox.control("POST", "faults", {"kind": "error", "stage": "during", "method": "POST", "path": PATH})
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failure:
            create(client, "kept-error")
        assert failure.value.http_status == 500
    assert outcomes(sandbox, "kept-error") == ["executed", "replayed"]
    assert client.v1.payment_intents.list({"limit": 1}).data[0].id == before


def test_too_many_requests(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    sandbox.control("POST", "faults", {"kind": "rate_limit", "times": 2, "path": "/v1/*"})
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            create(client, "slower")
    create(client, "slower")


def test_a_slow_answer(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    sandbox.control("POST", "faults", {"kind": "delay", "stage": "after", "seconds": 0.3, "method": "GET"})
    start = time.monotonic()
    client.v1.events.list()
    assert time.monotonic() - start >= 0.3


def test_faults_that_wait_are_shown_and_cleared(sandbox: RunningSandbox) -> None:
    sandbox.control("POST", "faults", {"kind": "error", "path": "/v1/nothing", "times": 3})
    assert [fault["remaining"] for fault in sandbox.control("GET", "state")["faults"]] == [3]
    sandbox.control("DELETE", "faults")
    assert sandbox.control("GET", "state")["faults"] == []
    status, answer, _ = sandbox.request("POST", "/_sandbox/faults", '{"kind": "flood"}')
    assert (status, answer["error"]["param"]) == (400, "kind")


def test_reset_forgets_everything(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    create(client, "forgotten")
    sandbox.control("POST", "reset")
    assert client.v1.payment_intents.list().data == []
    assert sandbox.control("GET", "calls?path=/v1/payment_intents&method=POST")["calls"] == []
    assert create(client, "forgotten").last_response is not None


@pytest.mark.parametrize(
    ("header", "outcome"), [("drop; stage=after", "executed"), ("error; stage=before; status=503", "faulted")]
)
def test_a_call_orders_its_own_fault(
    client: stripe.StripeClient, sandbox: RunningSandbox, header: str, outcome: str
) -> None:
    key = f"own-{outcome}"
    options: stripe.RequestOptions = {"idempotency_key": key, "headers": {"Sandbox-Fault": header}}
    with pytest.raises(stripe.APIConnectionError if outcome == "executed" else stripe.APIError):
        client.v1.payment_intents.create({"amount": 100, "currency": "eur"}, options)
    create(client, key)
    assert outcomes(sandbox, key) == [outcome, "replayed" if outcome == "executed" else "executed"]


@pytest.mark.parametrize("header", ["explode", "drop; stage=during", "error; path=/v1/charges", "delay; seconds=long"])
def test_a_fault_that_cannot_be_is_refused(client: stripe.StripeClient, header: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.charges.list({}, {"headers": {"Sandbox-Fault": header}})
