"""Commissions over HTTP: each person their own, every refusal a problem, every repeated request one order."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.commissions.models import Commission
from tests.marketplace.accounts.people import token_client
from tests.marketplace.staging import Stage, send_photograph
from tests.payments.provider import DECLINED, VISA, Provider

URL = "/api/v1/commissions/"
ClientOf = Callable[[User], APIClient]


def body(stage: Stage, **more: Any) -> dict[str, Any]:
    return {
        "listing": str(stage.listing.pk), "photograph": str(stage.photograph.pk), "parameters": {"size": 256},
    } | more  # fmt: skip


def test_an_order_without_a_card_gets_what_the_payment_form_needs(stage: Stage, client_of: ClientOf) -> None:
    answer = client_of(stage.collector).post(URL, body(stage), format="json")
    assert answer.status_code == 201
    order = answer.json()
    assert (order["state"], order["price"], order["job"]) == ("awaiting_payment", "€25.01", None)
    assert order["payment"]["client_secret"].startswith("pi_")
    assert order["mask"] is None
    chosen = {"quality": "draft", "strength": 1.0, "luminance_only": False, "keep_colours": 0.0, "size": 256}
    assert order["parameters"].items() >= (chosen | {"weights": []}).items()
    assert order["artist_amount"] + order["platform_amount"] == order["price_amount"]


def test_the_same_key_is_one_order_and_another_body_is_refused(stage: Stage, client_of: ClientOf) -> None:
    client, key = client_of(stage.collector), {"Idempotency-Key": "mine"}
    first = client.post(URL, body(stage, payment_method=VISA), format="json", headers=key)
    second = client.post(URL, body(stage, payment_method=VISA), format="json", headers=key)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    other = client.post(URL, body(stage), format="json", headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert Commission.objects.count() == 1


def test_an_order_whose_payment_could_not_be_made_is_continued_not_doubled(
    stage: Stage, client_of: ClientOf, provider: Provider
) -> None:
    client, key = client_of(stage.collector), {"Idempotency-Key": "mine"}
    provider.fault(kind="drop", method="POST", path="/v1/payment_intents", times=2)
    away = client.post(URL, body(stage), format="json", headers=key)
    assert (away.status_code, away.json()["code"]) == (503, "payment-provider-unavailable")
    assert client.post(URL, body(stage), format="json", headers=key).status_code == 201
    assert Commission.objects.count() == 1
    assert len(provider.intents()) == 1


def test_a_declined_card_is_a_402_that_names_the_order(stage: Stage, client_of: ClientOf) -> None:
    client = client_of(stage.collector)
    refused = client.post(URL, body(stage, payment_method=DECLINED), format="json")
    assert (refused.status_code, refused.json()["code"]) == (402, "payment-declined")
    order = refused.json()["commission"]
    paid = client.post(f"{URL}{order}/pay/", {"payment_method": VISA}, format="json")
    assert paid.json()["payment"]["state"] == "authorised"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"parameters": {"size": 1}}, "parameters.size"),
        ({"parameters": {"colour": "red"}}, "parameters.colour"),
        ({"parameters": {"quality": "masterpiece", "features": "vgg-19"}}, "parameters.features"),  # not in this house
        ({"photograph": "not-a-uuid"}, "photograph"),
        ({"listing": None}, "listing"),
    ],
)
def test_what_is_wrong_is_named_by_field(stage: Stage, client_of: ClientOf, change: dict[str, Any], field: str) -> None:
    refused = client_of(stage.collector).post(URL, body(stage, **change), format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert not Commission.objects.exists()


@pytest.mark.parametrize("field", ["photograph", "mask"])
@pytest.mark.parametrize("whose", ["nobody's", "somebody else's"])
def test_an_upload_that_one_does_not_have_is_named_by_field(
    stage: Stage, client_of: ClientOf, field: str, whose: str
) -> None:
    given = uuid4() if whose == "nobody's" else send_photograph(stage.artist.user).pk
    refused = client_of(stage.collector).post(URL, body(stage, **{field: str(given)}), format="json")
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    assert refused.json()["errors"] == {field: ["You have no such upload."]}
    assert not Commission.objects.exists()


def test_other_peoples_commissions_do_not_exist(stage: Stage, client_of: ClientOf) -> None:
    order = stage.order()
    stranger = client_of(stage.artist.user)
    assert stranger.get(URL).json()["results"] == []
    for call in (stranger.get, stranger.delete):
        assert call(f"{URL}{order.pk}/").status_code in {404, 405}
    for step in ("accept", "decline", "cancel"):
        assert stranger.post(f"{URL}{order.pk}/{step}/").status_code == 404
    assert stranger.post(f"{URL}{order.pk}/pay/", {"payment_method": VISA}, format="json").status_code == 404


def test_what_cannot_be_done_now_is_a_409_that_says_where_it_stands(stage: Stage, client_of: ClientOf) -> None:
    order = stage.order()
    refused = client_of(stage.collector).post(f"{URL}{order.pk}/accept/")
    assert (refused.status_code, refused.json()["code"]) == (409, "commission-not-now")
    assert refused.json()["state"] == "awaiting_payment"


def test_a_token_spends_money_only_with_its_scope(stage: Stage) -> None:
    reader = token_client(stage.collector, ["read"])
    assert reader.get(URL).status_code == 200
    assert reader.post(URL, body(stage), format="json").status_code == 403
    spender = token_client(stage.collector, ["commission"])
    assert spender.post(URL, body(stage), format="json").status_code == 201
