"""The same accounts by allauth's headless API, for apps and single-page clients."""

import json
import re
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from tests.marketplace.accounts.people import PASSWORD, member, totp_code, with_totp

pytestmark = pytest.mark.django_db

APP, BROWSER = "/_allauth/app/v1", "/_allauth/browser/v1"


class App:
    """A program that keeps the session token it is given instead of cookies."""

    def __init__(self) -> None:
        self.session = ""

    def ask(self, method: str, path: str, **body: str) -> Any:
        headers = {"X-Session-Token": self.session} if self.session else {}
        answer = Client().generic(
            method, APP + path, json.dumps(body) if body else "", content_type="application/json", headers=headers
        )
        document = answer.json()
        self.session = document.get("meta", {}).get("session_token", self.session)
        return document | {"status": answer.status_code}


def key(mail: EmailMessage, pattern: str) -> str:
    """The key in a mail's link."""
    found = re.search(pattern, str(mail.body))
    assert found
    return found[1]


def pending(document: Any) -> list[str]:
    return [flow["id"] for flow in document["data"]["flows"] if flow.get("is_pending")]


def test_an_app_signs_up_confirms_signs_in_and_out(mailoutbox: list[EmailMessage]) -> None:
    app = App()
    signed_up = app.ask("POST", "/auth/signup", email="ada@example.com", password=PASSWORD)
    assert (signed_up["status"], pending(signed_up)) == (401, ["verify_email"])
    confirmation = key(mailoutbox[0], r"/confirm-email/([^/\s]+)/")
    assert App().ask("POST", "/auth/email/verify", key=confirmation)["status"] in {200, 401}

    app = App()
    signed_in = app.ask("POST", "/auth/login", email="Ada@example.com", password=PASSWORD)
    assert (signed_in["status"], signed_in["data"]["user"]["email"]) == (200, "ada@example.com")
    assert signed_in["meta"]["is_authenticated"]
    assert app.ask("GET", "/auth/session")["status"] == 200
    me = Client().get("/api/v1/me/", headers={"X-Session-Token": app.session})
    assert (me.status_code, me.json()["email"]) == (200, "ada@example.com")
    assert app.ask("DELETE", "/auth/session")["status"] == 401


def test_an_app_is_asked_for_the_second_factor() -> None:
    user, app = member(), App()
    secret = with_totp(user)
    signed_in = app.ask("POST", "/auth/login", email=user.email, password=PASSWORD)
    assert (signed_in["status"], pending(signed_in)) == (401, ["mfa_authenticate"])
    assert app.ask("POST", "/auth/2fa/authenticate", code=totp_code(secret))["status"] == 200
    kinds = [row["type"] for row in app.ask("GET", "/account/authenticators")["data"]]
    assert kinds == ["totp"]


def test_an_app_sets_up_a_second_factor() -> None:
    user, app = member(), App()
    app.ask("POST", "/auth/login", email=user.email, password=PASSWORD)
    offered = app.ask("GET", "/account/authenticators/totp")
    assert offered["status"] == 404
    assert "Atelier" in offered["meta"]["totp_url"]
    code = totp_code(offered["meta"]["secret"])
    assert app.ask("POST", "/account/authenticators/totp", code=code)["status"] == 401
    assert app.ask("POST", "/auth/reauthenticate", password=PASSWORD)["status"] == 200
    assert app.ask("POST", "/account/authenticators/totp", code=code)["status"] == 200
    assert len(app.ask("GET", "/account/authenticators/recovery-codes")["data"]["unused_codes"]) == 10
    assert "publicKey" in app.ask("GET", "/account/authenticators/webauthn")["data"]["creation_options"]


def test_an_app_sets_a_forgotten_password_anew(mailoutbox: list[EmailMessage]) -> None:
    user = member()
    assert App().ask("POST", "/auth/password/request", email=user.email)["status"] == 200
    reset = key(mailoutbox[0], r"/password/reset/key/([^/\s]+)/")
    answer = App().ask("POST", "/auth/password/reset", key=reset, password="another-quiet-river")
    assert answer["status"] in {200, 401}
    assert App().ask("POST", "/auth/login", email=user.email, password=PASSWORD)["status"] == 400
    assert App().ask("POST", "/auth/login", email=user.email, password="another-quiet-river")["status"] == 200


def test_a_browser_signs_in_by_cookie(client: Client) -> None:
    user = member()
    assert client.get(f"{BROWSER}/config").status_code == 200
    body = {"email": user.email, "password": PASSWORD}
    assert client.post(f"{BROWSER}/auth/login", body, content_type="application/json").status_code == 200
    assert client.get("/api/v1/me/").json()["email"] == user.email


def test_the_headless_api_describes_itself(client: Client) -> None:
    document = client.get("/_allauth/openapi.json")
    assert document.status_code == 200
    assert document.json()["openapi"].startswith("3.")
