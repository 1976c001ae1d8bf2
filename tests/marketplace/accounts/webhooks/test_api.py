"""Webhooks over HTTP, as an integrator manages them."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.accounts import services
from marketplace.accounts.models import EVENT_TYPES, User, WebhookDelivery, WebhookEndpoint
from marketplace.accounts.services.webhooks.endpoints import MOST_ENDPOINTS
from marketplace.core.models import AuditEntry
from tests.listener import Listener
from tests.marketplace.accounts.people import token_client

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/webhooks/"


@pytest.fixture
def program(user: User) -> APIClient:
    """A program with a token for webhooks alone."""
    return token_client(user, ["webhooks"])


@pytest.fixture
def made(program: APIClient, listener: Listener) -> Any:
    """An endpoint as it is answered when it is made."""
    asked = {"url": listener.url, "event_types": ["order.paid"], "description": "Books"}
    answer = program.post(f"{ADDRESS}endpoints/", asked, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_its_life(program: APIClient, made: Any, listener: Listener) -> None:
    own = f"{ADDRESS}endpoints/{made['id']}/"
    assert made["secret"].startswith("whsec_")
    [listed] = program.get(f"{ADDRESS}endpoints/").json()["results"]
    assert "secret" not in listed
    assert (listed["state"], listed["event_types"], listed["description"]) == ("active", ["order.paid"], "Books")
    assert program.patch(own, {"event_types": ["*"], "is_on": False}, format="json").json()["state"] == "off"
    assert program.post(f"{own}try/").status_code == 409
    assert program.patch(own, {"is_on": True}, format="json").json()["event_types"] == ["*"]
    assert program.post(f"{own}secret/").json()["secret"] != made["secret"]
    assert program.delete(own).status_code == 204
    assert program.get(own).status_code == 404


def test_a_try_is_followed_from_the_order_to_the_answer(program: APIClient, made: Any, listener: Listener) -> None:
    listener.answers = [500]
    delivery = program.post(f"{ADDRESS}endpoints/{made['id']}/try/").json()
    own = f"{ADDRESS}deliveries/{delivery['id']}/"
    assert program.get(own).json()["tries"] == []
    services.send_due()
    told = program.get(own).json()
    assert (told["state"], told["attempts"], told["response_status"]) == ("pending", 1, 500)
    assert (told["tries"][0]["status"], told["payload"]["type"]) == (500, "ping")
    assert program.post(f"{own}replay/").status_code == 202
    services.send_due()
    assert program.get(own).json()["state"] == "delivered"
    listed = program.get(f"{ADDRESS}deliveries/", {"endpoint": made["id"], "state": "delivered"}).json()["results"]
    assert [row["id"] for row in listed] == [delivery["id"]]
    assert program.get(f"{ADDRESS}deliveries/", {"state": "failed"}).json()["results"] == []


def test_what_was_given_up_is_sent_again(program: APIClient, made: Any, listener: Listener) -> None:
    own = f"{ADDRESS}endpoints/{made['id']}/"
    program.post(f"{own}try/")
    WebhookDelivery.objects.update(state="failed")
    assert program.post(f"{own}replay/", {"since": "2999-01-01T00:00:00Z"}, format="json").json() == {"replayed": 0}
    assert program.post(f"{own}replay/", {}, format="json").json() == {"replayed": 1}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "gopher://x.example/"}, "url"), ({"url": "https://user@x.example/"}, "url"), ({"url": ""}, "url"),
        ({"event_types": []}, "event_types"), ({"event_types": ["gossip"]}, "event_types"),
        ({"description": "x" * 121}, "description"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(program: APIClient, wrong: dict[str, Any], field: str) -> None:
    asked = {"url": "https://x.example/", "event_types": ["*"]} | wrong
    answer = program.post(f"{ADDRESS}endpoints/", asked, format="json")
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not WebhookEndpoint.objects.exists()
    assert program.get(f"{ADDRESS}deliveries/", {"endpoint": "x"}).status_code == 422
    assert program.get(f"{ADDRESS}deliveries/", {"state": "x"}).status_code == 422


def test_a_private_address_is_refused_in_production(program: APIClient, settings: Any) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"webhooks_to_private": False})
    for url in ("https://10.0.0.1/", "http://example.com/"):
        answer = program.post(f"{ADDRESS}endpoints/", {"url": url, "event_types": ["*"]}, format="json")
        assert answer.status_code == 422


def test_there_is_a_limit(program: APIClient, made: Any) -> None:
    asked = {"url": "https://x.example/", "event_types": ["*"]}
    answers = [program.post(f"{ADDRESS}endpoints/", asked, format="json").status_code for _ in range(MOST_ENDPOINTS)]
    assert answers == [201] * (MOST_ENDPOINTS - 1) + [409]


def test_those_of_others_are_not_there(made: Any, make_user: Callable[..., User]) -> None:
    stranger = token_client(make_user(), ["webhooks"])
    own = f"{ADDRESS}endpoints/{made['id']}/"
    assert stranger.get(f"{ADDRESS}endpoints/").json()["results"] == []
    for answer in (
        stranger.get(own), stranger.patch(own, {"is_on": False}, format="json"), stranger.delete(own),
        stranger.post(f"{own}secret/"), stranger.post(f"{own}try/"), stranger.post(f"{own}replay/", {}, format="json"),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert WebhookEndpoint.objects.get().state == "active"


def test_a_token_needs_its_scope(user: User, made: Any) -> None:
    for scope in ("read", "profile"):
        client = token_client(user, [scope])
        assert client.get(f"{ADDRESS}endpoints/").status_code == 403
        assert client.post(f"{ADDRESS}endpoints/", {}, format="json").status_code == 403
        assert client.get(f"{ADDRESS}deliveries/").status_code == 403


def test_anybody_may_read_what_there_is_to_be_told() -> None:
    listed = APIClient().get(f"{ADDRESS}event-types/").json()
    assert {row["code"] for row in listed} == set(EVENT_TYPES)


def test_changes_of_an_endpoint_are_audited_without_its_secrets(made: Any, user: User) -> None:
    [entry] = AuditEntry.objects.filter(table="accounts_webhookendpoint")
    assert entry.person_id == user.pk
    assert entry.after is not None
    assert not {"secret", "old_secret"} & set(entry.after)
