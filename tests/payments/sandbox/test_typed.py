"""No endpoint takes what Stripe's SDK does not know, and every endpoint of the SDK's that we serve is checked by it."""

import pytest

from payments.sandbox import typed
from payments.sandbox.endpoint import Endpoint
from payments.sandbox.parameters import Shape, decode
from payments.sandbox.problems import ParameterProblem
from payments.sandbox.routes import ENDPOINTS
from payments.sandbox.session import Call


class Asked(Exception):
    """An endpoint asked for its parameters."""


def shape_of(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Shape:
    """The parameters that an endpoint reads, as far as it gets without a store."""
    asked: list[Shape] = []

    def read(_: Call, shape: Shape, *, required: object = ()) -> None:
        asked.append(shape)
        raise Asked

    monkeypatch.setattr(Call, "read", read)
    call = Call(tx=Anything(), config=Anything(), now=0, ids=Anything(), spec=typed.spec(endpoint.params))  # type: ignore[arg-type]
    with pytest.raises(Asked):
        endpoint.handler(call)
    return asked[0]


class Anything:
    """Whatever is asked of it."""

    account = ""

    def __getattr__(self, name: str) -> "Anything":
        return self

    def __call__(self, *given: object, **named: object) -> "Anything":
        return self

    def __getitem__(self, name: object) -> str:
        return "anything"

    def __enter__(self) -> "Anything":
        return self

    def __exit__(self, *failure: object) -> None:
        """Nothing to leave."""


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_what_an_endpoint_reads_is_what_the_sdk_types(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    known = set(typed.spec(endpoint.params).shape)
    assert set(shape_of(endpoint, monkeypatch)) <= known


@pytest.mark.parametrize(
    ("params", "sent", "code", "param"),
    [
        ("TransferCreateParams", "currency=eur&amount=5", "parameter_missing", "destination"),
        ("TransferCreateParams", "currency=eur&destination=a&amount=x", "parameter_invalid_integer", "amount"),
        ("TransferCreateParams", "currency=eur&destination=a&colour=red", "parameter_unknown", "colour"),
        ("TransferCreateParams", "currency=eur&destination=a&source_type=gold", None, "source_type"),
        ("TransferListParams", "created[about]=5", "parameter_unknown", "created[about]"),
        ("AccountCreateParams", "individual[dob][day]=1", "parameter_missing", "individual[dob][month]"),
        ("AccountCreateParams", "capabilities[transfers][requested]=maybe", None, "capabilities[transfers][requested]"),
        ("RefundCreateParams", "reason=bored", None, "reason"),
        ("RefundCreateParams", "charge[id]=ch_1", None, "charge"),
    ],
)
def test_the_sdks_types_refuse(params: str, sent: str, code: str | None, param: str) -> None:
    with pytest.raises(ParameterProblem) as refusal:
        typed.check(decode(sent), typed.spec(params))
    assert (refusal.value.error_code, refusal.value.param) == (code, param)


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ("TransferCreateParams", "currency=eur&destination=a&amount=5&metadata[a]=b"),
        ("TransferListParams", "created[gt]=5&limit=3"),
        ("TransferListParams", "created=5"),
        ("AccountCreateParams", "external_account=btok_1"),
        ("AccountCreateParams", "external_account[object]=bank_account&external_account[country]=DE"
         "&external_account[currency]=eur&external_account[account_number]=1"),
        ("PaymentIntentConfirmParams", "off_session=true"),
        ("PaymentIntentConfirmParams", "off_session=one_off"),
    ],
)  # fmt: skip
def test_the_sdks_types_take(params: str, sent: str) -> None:
    typed.check(decode(sent), typed.spec(params))
