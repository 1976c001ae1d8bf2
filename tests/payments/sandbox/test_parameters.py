"""What is sent is checked: keys, parameters, cards."""

import base64

import pytest
import stripe

from payments.sandbox.parameters import decode
from tests.payments.sandbox.running import SECRET_KEY, RunningSandbox


def test_nested_parameters_are_decoded() -> None:
    assert decode("a=1&b[c][d]=2&b[e]=&list[]=x&list[]=y&other[0][k]=z") == {
        "a": "1",
        "b": {"c": {"d": "2"}, "e": ""},
        "list": {"0": "x", "1": "y"},
        "other": {"0": {"k": "z"}},
    }


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ("currency=eur", "parameter_missing", "amount"),
        ("amount=100&currency=eur&colour=red", "parameter_unknown", "colour"),
        ("amount=ten&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=1.5&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=10&currency=eur", "amount_too_small", "amount"),
        ("amount=100000000&currency=eur", "amount_too_large", "amount"),
        ("amount=100&currency=xyz", None, "currency"),
        ("amount=100&currency=eur&metadata=plain", None, "metadata"),
        ("amount=100&currency=eur&customer=cus_none", "resource_missing", "customer"),
        ("amount=100&currency=eur&off_session=true", None, "off_session"),
        ("amount=100&currency=eur&payment_method_types[0]=cheque", None, "payment_method_types[0]"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    sandbox: RunningSandbox, body: str, code: str | None, param: str
) -> None:
    status, answer, headers = sandbox.request("POST", "/v1/payment_intents", body)
    assert status == (404 if code == "resource_missing" else 400)
    assert answer["error"]["type"] == "invalid_request_error"
    assert (answer["error"].get("code"), answer["error"].get("param")) == (code, param)
    assert headers["Request-Id"].startswith("req_")


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"number": "4242424242424241"}, "incorrect_number"),
        ({"number": "42"}, "invalid_number"),
        ({"exp_month": "13"}, "invalid_expiry_month"),
        ({"exp_year": "2019"}, "invalid_expiry_year"),
        ({"cvc": "12"}, "invalid_cvc"),
    ],
)
def test_a_card_that_cannot_exist_is_refused(client: stripe.StripeClient, card: dict[str, str], code: str) -> None:
    given = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123", **card}
    with pytest.raises(stripe.CardError) as refusal:
        client.v1.payment_methods.create({"type": "card", "card": given})  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_card_number_leaves_only_its_last_digits(client: stripe.StripeClient, sandbox: RunningSandbox) -> None:
    method = client.v1.payment_methods.create(
        {
            "type": "card",
            "card": {"number": "4000000000009995", "exp_month": 12, "exp_year": 2040, "cvc": "123"},
        }
    )
    assert method.card is not None
    assert (method.card.brand, method.card.last4) == ("visa", "9995")
    files = sandbox.data.parent.glob("sandbox.sqlite3*")
    assert not any(b"4000000000009995" in file.read_bytes() for file in files)


def test_only_the_secret_key_opens_the_api(sandbox: RunningSandbox) -> None:
    for authorization in ("Bearer sk_test_somebody_elses_key", "Nothing", ""):
        status, answer, _ = sandbox.request("GET", "/v1/events", headers={"Authorization": authorization})
        assert status == 401
        assert answer["error"]["type"] == "invalid_request_error"
    basic = base64.b64encode(f"{SECRET_KEY}:".encode()).decode()
    assert sandbox.request("GET", "/v1/events", headers={"Authorization": f"Basic {basic}"})[0] == 200
    assert sandbox.request("GET", "/_sandbox/state", headers={"Authorization": "Bearer pk_test_x"})[0] == 401
    assert sandbox.request("GET", "/v1/unheard_of")[0] == 404


def test_missing_objects_and_properties_are_said(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.payment_intents.retrieve("pi_nobody")
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    intent = client.v1.payment_intents.create({"amount": 100, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.payment_intents.retrieve(intent.id, {"expand": ["status"]})
