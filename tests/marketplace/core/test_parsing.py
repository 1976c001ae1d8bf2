"""What PostgreSQL cannot keep is answered 400 before anything is done, at every page and everywhere in the API."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from gallery.models import Collection
from marketplace.accounts.models import User
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db
TITLE = "Kept \0 here"


@pytest.fixture
def browser() -> Client:
    """Of a curator, for whom every page is open; what breaks is an answer."""
    client = Client(raise_request_exception=False)
    client.force_login(curator(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("form", [{"title": TITLE}, {"ti\0tle": "Kept"}])
@pytest.mark.parametrize("sent", [{}, {"content_type": "application/x-www-form-urlencoded"}])
@pytest.mark.parametrize("page", ["/collections/", "/curator/exhibitions/", "/curator/queue/many/", "/accounts/login/"])
def test_a_form_with_a_nul_in_it_is_not_read(
    browser: Client, page: str, form: dict[str, str], sent: dict[str, Any]
) -> None:
    data: Any = "&".join(f"{name}={words}" for name, words in form.items()).replace("\0", "%00") if sent else form
    answer = browser.post(page, data, **sent)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "That could not be read" in answer.content.decode()


@pytest.mark.parametrize("address", ["/search/?q=%00", "/api/v1/artists/?q=a%00b", "/curator/queue/?cause=%00"])
def test_neither_is_an_address(browser: Client, address: str) -> None:
    answer = browser.get(address)
    is_api = address.startswith("/api/")
    kind = "application/problem+json" if is_api else "text/html; charset=utf-8"
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, kind)
    assert not is_api or answer.json()["code"] == "bad-request"


@pytest.mark.parametrize("body", [r'{"title": "a\u0000b"}', r'{"title": "\ud800"}', r'{"a\u0000": 1}', "[" * 100_000])
def test_json_that_cannot_be_kept_is_a_parse_error(api: APIClient, user: User, body: str) -> None:
    answer: Any = api.post("/api/v1/collections/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse-error")
    assert not Collection.objects.filter(owner=user, title__startswith="a").exists()


def test_other_characters_are_kept(api: APIClient) -> None:
    answer: Any = api.post("/api/v1/collections/", {"title": "é 画 \U0001f3a8"}, format="json")
    assert (answer.status_code, answer.json()["title"]) == (201, "é 画 \U0001f3a8")


@pytest.mark.parametrize("title", [913, 9.5, True, ["Ink"], {"en": "Ink"}])
def test_what_is_no_text_is_not_taken_for_its_digits(api: APIClient, user: User, title: object) -> None:
    answer: Any = api.post("/api/v1/collections/", {"title": title}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert list(answer.json()["errors"]) == ["title"]
    assert not Collection.objects.filter(owner=user, title__in=["913", "9.5", "True"]).exists()


@pytest.mark.parametrize("cursor", ["nonsense", "cD1hYmM=", "cD0lMDA=", "bz0tMQ=="])
def test_a_cursor_that_no_list_gave_out_is_refused(api: APIClient, cursor: str) -> None:
    answer: Any = api.get("/api/v1/collections/", {"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
