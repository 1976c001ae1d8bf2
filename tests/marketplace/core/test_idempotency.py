"""Idempotency-Key: the same request is done once, whatever the network does."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from marketplace.core.errors import Conflict, Unavailable
from marketplace.core.idempotency import current_key, idempotent
from marketplace.core.models import IdempotencyRecord

calls: list[Any] = []


class SpendView(APIView):
    scopes = {"POST": "commission"}

    @idempotent
    def post(self, request: Request) -> Response:
        calls.append(current_key(request))
        body: Any = request.data
        match body.get("outcome"):
            case "conflict":
                raise Conflict("no")
            case "unavailable":
                raise Unavailable("later")
            case "crash":
                raise ZeroDivisionError
        return Response({"number": len(calls)}, status=201)


urlpatterns = [path("spend/", SpendView.as_view())]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


def spend(api: APIClient, key: str | None = "k", **body: str) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post("/spend/", body, format="json", headers=headers)


def test_the_same_request_is_answered_from_memory(api: APIClient) -> None:
    first, second = spend(api), spend(api)
    assert first.json() == second.json() == {"number": 1}
    assert second.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(calls) == 1


def test_without_a_key_every_request_is_done(api: APIClient) -> None:
    spend(api, None)
    assert spend(api, None).json() == {"number": 2}


def test_another_request_under_the_same_key_is_refused(api: APIClient) -> None:
    spend(api)
    refused = spend(api, outcome="conflict")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")
    assert len(calls) == 1


def test_another_persons_key_is_another_key(api: APIClient, client_of: Any, make_user: Any) -> None:
    spend(api)
    assert spend(client_of(make_user())).json() == {"number": 2}
    assert calls[0] != calls[1]


def test_a_refusal_is_remembered(api: APIClient) -> None:
    first, second = spend(api, outcome="conflict"), spend(api, outcome="conflict")
    assert first.status_code == second.status_code == 409
    assert first.json() == second.json()
    assert first.headers["Content-Type"] == second.headers["Content-Type"] == "application/problem+json"
    assert len(calls) == 1


@pytest.mark.parametrize("outcome", ["unavailable", "crash"])
def test_what_failed_on_our_side_may_be_tried_again(api: APIClient, outcome: str) -> None:
    api.raise_request_exception = False
    assert spend(api, outcome=outcome).status_code >= 500
    assert not IdempotencyRecord.objects.exists()
    assert spend(api).status_code == 201


def test_a_second_request_while_the_first_runs_is_told_to_wait(api: APIClient) -> None:
    spend(api)
    IdempotencyRecord.objects.update(status=None, body=None)
    waiting = spend(api)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "idempotency-key-in-use")
    assert waiting.headers["Retry-After"] == "2"


def test_a_key_whose_holder_died_is_taken_over(api: APIClient) -> None:
    spend(api)
    IdempotencyRecord.objects.update(status=None, body=None, locked_until=timezone.now() - timedelta(seconds=1))
    assert spend(api).json() == {"number": 2}
    assert calls[0] == calls[1]  # so that what was made the first time is found again


@pytest.mark.parametrize("key", ["x" * 201, "tab\there"])
def test_a_malformed_key_is_refused(api: APIClient, key: str) -> None:
    assert spend(api, key).status_code == 400
