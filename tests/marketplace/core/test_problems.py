"""Every error leaves the API as problem details, whoever raised it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from marketplace.core.errors import InvalidInput, Unavailable

FAULTS = {
    "ours": InvalidInput("Look.", errors={"size": ["Too big."]}),
    "away": Unavailable("Gone.", retry_after=7),
    "http404": Http404(),
    "denied": PermissionDenied(),
    "drf": exceptions.ValidationError({"name": ["Required."]}),
    "throttled": exceptions.Throttled(wait=3),
}


class FaultView(APIView):
    is_public = True

    def get(self, request: Request, name: str) -> Response:
        raise FAULTS[name]


urlpatterns = [path("faults/<name>/", FaultView.as_view())]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("ours", 422, "invalid-input"),
        ("away", 503, "unavailable"),
        ("http404", 404, "not-found"),
        ("denied", 403, "permission-refused"),
        ("drf", 422, "invalid-input"),
        ("throttled", 429, "throttled"),
    ],
)
def test_errors_become_problem_details(name: str, status: int, code: str) -> None:
    answer: Any = APIClient().get(f"/faults/{name}/")
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["instance"] == f"/faults/{name}/"
    assert problem["type"] == f"/problems/{code}/"
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_problems_carry_what_a_client_can_act_on() -> None:
    client = APIClient()
    assert client.get("/faults/ours/").json()["errors"] == {"size": ["Too big."]}
    assert client.get("/faults/drf/").json()["errors"] == {"name": ["Required."]}
    assert client.get("/faults/away/").headers["Retry-After"] == "7"
    assert client.get("/faults/throttled/").headers["Retry-After"] == "4"


@pytest.mark.django_db
def test_an_unknown_api_address_is_a_problem_and_an_unknown_page_is_a_page() -> None:
    problem = APIClient().get("/api/v1/nothing-here/")
    assert (problem.status_code, problem.headers["Content-Type"]) == (404, "application/problem+json")
    page = APIClient().get("/nothing-here/")
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.django_db
def test_what_a_problems_type_points_to_can_be_read() -> None:
    page = APIClient().get("/problems/idempotency-key-reused/")
    assert page.status_code == 200
    assert b"idempotency-key-reused" in page.content
