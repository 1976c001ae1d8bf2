"""The state machine of payment intents, driven by the real SDK."""

import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import stripe

from tests.payments.sandbox.running import PUBLISHABLE_KEY, RunningSandbox

WEEK = 7 * 86_400


def authorise(client: stripe.StripeClient, *, amount: int = 2500, method: str = "pm_card_visa") -> stripe.PaymentIntent:
    """An intent with manual capture, confirmed."""
    return client.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method_types": ["card"],
            "payment_method": method,
            "confirm": True,
            "return_url": "https://shop.test/back?order=7",
        }
    )


def types_of_events(client: stripe.StripeClient, intent: str) -> list[str]:
    """What happened to an intent, oldest first."""
    events = client.v1.events.list({"limit": 100}).data
    shown = [(event.type, event.data.object.to_dict()) for event in reversed(events)]
    return [kind for kind, document in shown if intent in (document["id"], document.get("payment_intent"))]


def test_an_authorised_payment_is_captured(client: stripe.StripeClient) -> None:
    intent = authorise(client)
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 2500, 0)

    captured = client.v1.payment_intents.capture(intent.id, params={"expand": ["latest_charge.balance_transaction"]})

    assert (captured.status, captured.amount_capturable, captured.amount_received) == ("succeeded", 0, 2500)
    charge = captured.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 2500, 0)
    entry = charge.balance_transaction
    assert isinstance(entry, stripe.BalanceTransaction)
    assert (entry.amount, entry.fee, entry.net, entry.status) == (2500, 103, 2397, "pending")


def test_a_part_is_captured_and_never_more_than_was_authorised(client: stripe.StripeClient) -> None:
    intent = authorise(client)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.capture(intent.id, params={"amount_to_capture": 2501})
    assert refusal.value.code == "amount_too_large"

    captured = client.v1.payment_intents.capture(intent.id, params={"amount_to_capture": 1000})
    assert (captured.status, captured.amount_received) == ("succeeded", 1000)


def test_an_authorised_payment_is_cancelled_and_the_money_goes_back(client: stripe.StripeClient) -> None:
    intent = authorise(client)
    cancelled = client.v1.payment_intents.cancel(intent.id, params={"cancellation_reason": "abandoned"})
    assert (cancelled.status, cancelled.amount_capturable, cancelled.cancellation_reason) == (
        "canceled",
        0,
        "abandoned",
    )
    charge = client.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.captured, charge.refunded, charge.amount_refunded) == (False, True, 2500)


def test_what_is_over_stays_over(client: stripe.StripeClient) -> None:
    taken, given_up = authorise(client), authorise(client)
    client.v1.payment_intents.capture(taken.id)
    client.v1.payment_intents.cancel(given_up.id)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: client.v1.payment_intents.capture(taken.id),
        lambda: client.v1.payment_intents.cancel(taken.id),
        lambda: client.v1.payment_intents.confirm(taken.id),
        lambda: client.v1.payment_intents.capture(given_up.id),
        lambda: client.v1.payment_intents.cancel(given_up.id),
        lambda: client.v1.payment_intents.confirm(given_up.id),
        lambda: client.v1.payment_intents.update(given_up.id, params={"amount": 100}),
    )
    for attempt in attempts:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            attempt()
        assert refusal.value.code == "payment_intent_unexpected_state"
        assert refusal.value.http_status == 400
        assert refusal.value.error is not None
        assert refusal.value.error.payment_intent is not None


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_a_declined_card_is_a_card_error_and_another_card_may_follow(
    client: stripe.StripeClient, method: str, code: str, decline_code: str | None
) -> None:
    with pytest.raises(stripe.CardError) as decline:
        authorise(client, method=method)
    error = decline.value.error
    assert error is not None
    assert (decline.value.http_status, decline.value.code, error.decline_code) == (402, code, decline_code)
    assert error.payment_intent is not None

    intent = client.v1.payment_intents.retrieve(error.payment_intent.id, {"expand": ["latest_charge"]})
    assert (intent.status, intent.payment_method, intent.amount_capturable) == ("requires_payment_method", None, 0)
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.code == code
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert (intent.latest_charge.id, intent.latest_charge.status) == (error.charge, "failed")

    again = client.v1.payment_intents.confirm(
        intent.id, params={"payment_method": "pm_card_visa", "return_url": "https://shop.test/back"}
    )
    assert (again.status, again.last_payment_error) == ("requires_capture", None)
    assert types_of_events(client, intent.id) == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
    ]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows where one was sent, and stays."""

    def redirect_request(self, *args: object, **named: object) -> None:
        return None


@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [("complete", "requires_capture", "succeeded"), ("fail", "requires_payment_method", "failed")],
)
def test_a_card_that_wants_authentication_goes_by_the_banks_page(
    client: stripe.StripeClient, answer: str, status: str, told: str
) -> None:
    intent = authorise(client, method="pm_card_authenticationRequired")
    assert intent.status == "requires_action"
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    page = str(intent.next_action.redirect_to_url.url)
    with urllib.request.urlopen(page) as shown:
        text = shown.read().decode()
    assert "Complete authentication" in text
    assert "25.00 EUR" in text

    with pytest.raises(urllib.error.HTTPError) as redirect:
        urllib.request.build_opener(NoRedirect).open(page, data=f"outcome={answer}".encode())
    with redirect.value:
        assert redirect.value.code == 303
        back = urlsplit(redirect.value.headers["Location"])
    assert back.netloc == "shop.test"
    assert parse_qs(back.query) == {
        "order": ["7"],
        "payment_intent": [intent.id],
        "payment_intent_client_secret": [intent.client_secret],
        "redirect_status": [told],
    }
    assert client.v1.payment_intents.retrieve(intent.id).status == status
    with pytest.raises(urllib.error.HTTPError) as over:
        urllib.request.urlopen(page, data=b"outcome=complete")
    with over.value:
        assert over.value.code == 404


def test_a_card_that_wants_authentication_is_refused_when_nobody_is_there(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as decline:
        client.v1.payment_intents.create(
            {
                "amount": 2500,
                "currency": "eur",
                "payment_method_types": ["card"],
                "payment_method": "pm_card_authenticationRequired",
                "confirm": True,
                "off_session": True,
            }
        )
    assert decline.value.code == "authentication_required"


def test_eight_captures_at_once_capture_once(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    intent = authorise(client)
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def capture() -> None:
        start.wait()
        try:
            outcomes.append(str(sandbox.client().v1.payment_intents.capture(intent.id).status))
        except stripe.InvalidRequestError as refusal:
            outcomes.append(str(refusal.code))

    threads = [threading.Thread(target=capture) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["payment_intent_unexpected_state"] * 7 + ["succeeded"]
    assert types_of_events(client, intent.id).count("charge.captured") == 1


def test_an_authorisation_lapses_after_seven_days(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    intent = authorise(client)
    sandbox.control("POST", "clock", {"advance": WEEK - 60})
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    sandbox.control("POST", "clock", {"advance": 60})
    lapsed = client.v1.payment_intents.retrieve(intent.id)
    assert (lapsed.status, lapsed.cancellation_reason, lapsed.amount_capturable) == ("canceled", "automatic", 0)
    assert types_of_events(client, intent.id)[-2:] == ["charge.expired", "payment_intent.canceled"]


def test_an_intent_is_put_together_step_by_step(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "collector@atelier.test", "metadata": {"user": "7"}})
    intent = client.v1.payment_intents.create({"amount": 100, "currency": "eur", "metadata": {"a": "1", "b": "2"}})
    assert intent.status == "requires_payment_method"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.confirm(intent.id)
    assert refusal.value.code == "payment_intent_unexpected_state"

    method = client.v1.payment_methods.create(
        {
            "type": "card",
            "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"},
        }
    )
    updated = client.v1.payment_intents.update(
        intent.id,
        {
            "amount": 300,
            "customer": customer.id,
            "payment_method": method.id,
            "metadata": {"a": "", "c": "3"},
            "transfer_group": "commission:1",
        },
    )
    assert (updated.status, updated.amount, updated.customer) == ("requires_confirmation", 300, customer.id)
    assert updated.metadata.to_dict() == {"b": "2", "c": "3"}

    with pytest.raises(stripe.InvalidRequestError, match="you must provide a `return_url`"):
        client.v1.payment_intents.confirm(intent.id)
    done = client.v1.payment_intents.confirm(intent.id, {"return_url": "https://shop.test/"})
    assert (done.status, done.amount_received) == ("succeeded", 300)
    charge = client.v1.charges.list({"payment_intent": intent.id}).data[0]
    assert (charge.transfer_group, charge.customer, charge.paid) == ("commission:1", customer.id, True)


def test_a_browser_sees_and_confirms_only_with_the_client_secret(
    client: stripe.StripeClient, sandbox: RunningSandbox
) -> None:
    intent = client.v1.payment_intents.create(
        {"amount": 2500, "currency": "eur", "capture_method": "manual", "metadata": {"internal": "yes"}}
    )
    browser = {"Authorization": f"Bearer {PUBLISHABLE_KEY}"}
    path = f"/v1/payment_intents/{intent.id}"
    status, refusal, _ = sandbox.request("GET", path, headers=browser)
    assert (status, refusal["error"]["code"]) == (403, "secret_key_required")
    status, refusal, _ = sandbox.request("GET", f"{path}?client_secret={intent.id}_secret_wrong", headers=browser)
    assert (status, refusal["error"]["code"]) == (404, "resource_missing")

    status, seen, _ = sandbox.request("GET", f"{path}?client_secret={intent.client_secret}", headers=browser)
    assert (status, seen["status"]) == (200, "requires_payment_method")
    assert "metadata" not in seen

    body = f"client_secret={intent.client_secret}&payment_method=pm_card_visa&use_stripe_sdk=true"
    status, confirmed, _ = sandbox.request("POST", f"{path}/confirm", body, headers=browser)
    assert (status, confirmed["status"]) == (200, "requires_capture")
    assert sandbox.request("POST", f"{path}/capture", "", headers=browser)[0] == 403


def test_a_list_is_walked_page_by_page(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "A collector"})
    made = [
        client.v1.payment_intents.create({"amount": 100 + n, "currency": "eur", "customer": customer.id}).id
        for n in range(5)
    ]
    listed = client.v1.payment_intents.list({"customer": customer.id, "limit": 2})
    assert [intent.id for intent in listed.auto_paging_iter()] == list(reversed(made))
    back = client.v1.payment_intents.list({"customer": customer.id, "limit": 2, "ending_before": made[0]})
    assert [intent.id for intent in back.data] == [made[2], made[1]]
    assert back.has_more
