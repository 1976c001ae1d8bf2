"""Cards that are kept: set up, attached, charged when nobody is there, detached; and the limits of what is charged."""

import urllib.request
from typing import Any

import pytest
import stripe

from tests.payments.sandbox.running import PUBLISHABLE_KEY, RunningSandbox
from tests.payments.sandbox.sellers import VISA, kinds, take

SETUP_REQUIRED, ALWAYS = "pm_card_authenticationRequiredOnSetup", "pm_card_authenticationRequired"


@pytest.fixture
def customer(client: stripe.StripeClient) -> str:
    """Somebody who pays."""
    return client.v1.customers.create({"email": "collector@atelier.test"}).id


def set_up(client: stripe.StripeClient, customer: str, card: str, **more: Any) -> stripe.SetupIntent:
    """A card set up for later."""
    given: dict[str, Any] = {
        "customer": customer,
        "payment_method_types": ["card"],
        "payment_method": card,
        "confirm": True,
        "return_url": "https://shop.test/",
        **more,
    }
    return client.v1.setup_intents.create(given)  # type: ignore[arg-type]  # built from parts


def answer(intent: stripe.SetupIntent | stripe.PaymentIntent, outcome: str) -> None:
    """Go to the bank's page and answer."""
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    page = f"{intent.next_action.redirect_to_url.url}?embedded=1"
    with urllib.request.urlopen(page, data=f"outcome={outcome}".encode()) as shown:
        assert shown.status == 200


def saved(client: stripe.StripeClient, customer: str) -> list[str]:
    """A customer's cards."""
    return [method.id for method in client.v1.payment_methods.list({"customer": customer, "type": "card"}).data]


def test_a_card_is_authenticated_once_and_charged_later(client: stripe.StripeClient, customer: str) -> None:
    setup = set_up(client, customer, SETUP_REQUIRED)
    assert (setup.status, saved(client, customer)) == ("requires_action", [])
    answer(setup, "complete")
    done = client.v1.setup_intents.retrieve(setup.id)
    assert (done.status, saved(client, customer)) == ("succeeded", [done.payment_method])
    assert client.v1.customers.payment_methods.list(customer).data[0].id == done.payment_method
    paid = take(client, 2_000, card=str(done.payment_method), customer=customer, off_session=True)
    assert paid.status == "succeeded"
    again = take(client, 2_000, card=str(done.payment_method), customer=customer, off_session=True)
    assert again.status == "succeeded"
    assert [kind for kind in kinds(client) if kind.startswith(("setup", "payment_method"))][-4:] == [
        "setup_intent.created", "setup_intent.requires_action", "payment_method.attached", "setup_intent.succeeded",
    ]  # fmt: skip


def test_some_cards_want_authentication_every_time(client: stripe.StripeClient, customer: str) -> None:
    setup = set_up(client, customer, ALWAYS)
    answer(setup, "complete")
    card = saved(client, customer)[0]
    with pytest.raises(stripe.CardError) as refusal:
        take(client, 2_000, card=card, customer=customer, off_session=True)
    assert refusal.value.code == "authentication_required"
    already = set_up(client, customer, "pm_card_authenticationRequiredSetupForOffSession")
    answer(already, "complete")
    newest = saved(client, customer)[0]
    assert take(client, 2_000, card=newest, customer=customer, off_session=True).status == "succeeded"
    assert take(client, 2_000, card=newest, customer=customer).status == "requires_action"


def test_a_setup_fails_and_another_card_may_follow(client: stripe.StripeClient, customer: str) -> None:
    setup = set_up(client, customer, ALWAYS)
    answer(setup, "fail")
    failed = client.v1.setup_intents.retrieve(setup.id)
    assert failed.last_setup_error is not None
    assert (failed.status, failed.last_setup_error.code) == (
        "requires_payment_method",
        "setup_intent_authentication_failure",
    )
    with pytest.raises(stripe.CardError) as refusal:
        client.v1.setup_intents.confirm(setup.id, {"payment_method": "pm_card_chargeDeclined"})
    assert refusal.value.code == "card_declined"
    assert client.v1.setup_intents.confirm(setup.id, {"payment_method": VISA}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as over:
        client.v1.setup_intents.cancel(setup.id)
    assert over.value.code == "setup_intent_unexpected_state"


def test_a_payment_keeps_its_card_when_asked(client: stripe.StripeClient, customer: str) -> None:
    paid = take(client, 2_000, card=SETUP_REQUIRED, customer=customer, setup_future_usage="off_session")
    assert paid.status == "requires_action"
    answer(paid, "complete")
    card = saved(client, customer)[0]
    assert take(client, 500, card=card, customer=customer, off_session=True).status == "succeeded"


def test_a_card_is_one_customers(client: stripe.StripeClient, customer: str) -> None:
    method = client.v1.payment_methods.attach(VISA, {"customer": customer})
    other = client.v1.customers.create({"name": "Somebody else"}).id
    for whose in ({}, {"customer": other}):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            take(client, 500, card=method.id, **whose)
        assert refusal.value.param == "payment_method"
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.v1.payment_methods.attach(method.id, {"customer": other})
    renamed = client.v1.payment_methods.update(method.id, {"metadata": {"name": "Blue"}})
    assert renamed.metadata is not None
    assert renamed.metadata.to_dict() == {"name": "Blue"}
    assert client.v1.payment_methods.detach(method.id).customer is None
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again|It may not be"):
        client.v1.payment_methods.attach(method.id, {"customer": customer})
    with pytest.raises(stripe.CardError):
        client.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer})
    later = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    with pytest.raises(stripe.CardError):
        take(client, 500, card=later.id, customer=customer)


def test_a_card_that_was_not_kept_is_used_up(client: stripe.StripeClient) -> None:
    method = client.v1.payment_methods.create(
        {"type": "card", "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
    )
    take(client, 500, card=method.id)
    with pytest.raises(stripe.InvalidRequestError, match="previously used"):
        take(client, 500, card=method.id)


def test_authentication_may_be_asked_for(client: stripe.StripeClient) -> None:
    options = {"card": {"request_three_d_secure": "challenge"}}
    assert take(client, 500, card=VISA, payment_method_options=options).status == "requires_action"


def test_a_browser_sets_up_with_the_client_secret(
    client: stripe.StripeClient, sandbox: RunningSandbox, customer: str
) -> None:
    setup = client.v1.setup_intents.create({"customer": customer, "metadata": {"internal": "yes"}})
    browser, path = {"Authorization": f"Bearer {PUBLISHABLE_KEY}"}, f"/v1/setup_intents/{setup.id}"
    assert sandbox.request("GET", path, headers=browser)[0] == 403
    body = f"client_secret={setup.client_secret}&payment_method={VISA}&use_stripe_sdk=true"
    status, done, _ = sandbox.request("POST", f"{path}/confirm", body, headers=browser)
    assert (status, done["status"]) == (200, "succeeded")
    assert "metadata" not in done


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [(49, "jpy", "amount_too_small"), (50, "jpy", None), (29, "gbp", "amount_too_small"), (17_500, "huf", None)],
)
def test_currencies_have_their_own_least_amounts(
    client: stripe.StripeClient, amount: int, currency: str, code: str | None
) -> None:
    if code is None:
        assert take(client, amount, currency=currency, card=VISA).amount_received == amount
        return
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        take(client, amount, currency=currency, card=VISA)
    assert refusal.value.code == code


@pytest.mark.parametrize("suffix", ["much too long for a statement", "no <tags>", "12345"])
def test_a_statement_takes_only_what_banks_print(client: stripe.StripeClient, suffix: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        take(client, 500, statement_descriptor_suffix=suffix)
    assert refusal.value.param == "statement_descriptor_suffix"


def test_a_statement_says_what_was_bought(client: stripe.StripeClient) -> None:
    intent = take(client, 500, statement_descriptor_suffix="Order 7", expand=["latest_charge"])
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.calculated_statement_descriptor == "ATELIER* ORDER 7"
