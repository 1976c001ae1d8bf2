"""Accounts in the browser: sign-up, confirmation, sign-in and out, a forgotten password, second factors."""

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from marketplace.accounts.models import User
from tests.marketplace.accounts.people import PASSWORD, member, totp_code, with_totp

pytestmark = pytest.mark.django_db


def link(mail: EmailMessage) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.body))
    assert found
    return found[1]


def is_in(client: Client) -> bool:
    return client.get("/api/v1/me/").status_code == 200


def log_in(client: Client, email: str, password: str = PASSWORD) -> str:
    """Sign in by the page; where it leads."""
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    return answer.headers.get("Location", "")


def test_sign_up_confirm_sign_in_and_out(client: Client, mailoutbox: list[EmailMessage]) -> None:
    assert client.get("/accounts/signup/").status_code == 200
    form = {"email": "Ada@Example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", form).headers["Location"] == "/accounts/confirm-email/"
    assert not is_in(client)
    [mail] = mailoutbox
    assert mail.to == ["ada@example.com"]
    assert User.objects.get().email == "ada@example.com"

    browser = Client()
    assert log_in(browser, "ada@example.com") == "/accounts/confirm-email/"
    assert not is_in(browser)

    assert Client().get(link(mail)).status_code == 200
    assert Client().post(link(mail)).status_code == 302
    assert log_in(browser, "ADA@example.com") == "/"
    assert is_in(browser)
    browser.post("/accounts/logout/")
    assert not is_in(browser)


def test_a_known_address_is_not_told_to_strangers(client: Client, mailoutbox: list[EmailMessage]) -> None:
    user = member()
    form = {"email": user.email.upper(), "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", form).headers["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert "already" in mailoutbox[0].body


def test_a_weak_password_is_refused(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"email": "a@example.com", "password1": "short", "password2": "short"})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_a_forgotten_password_is_set_anew(client: Client, mailoutbox: list[EmailMessage]) -> None:
    user = member()
    client.post("/accounts/password/reset/", {"email": user.email})
    form_at = client.get(link(mailoutbox[0])).headers["Location"]
    assert client.get(form_at).status_code == 200
    client.post(form_at, {"password1": "another-quiet-river", "password2": "another-quiet-river"})
    assert log_in(Client(), user.email) == ""
    assert log_in(Client(), user.email, "another-quiet-river") == "/"
    assert client.get(link(mailoutbox[0])).status_code == 200  # the link was used: a page says so, no form


def test_the_second_factor_is_asked_for(client: Client) -> None:
    user = member()
    secret = with_totp(user)
    assert log_in(client, user.email) == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": "000"})
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert is_in(client)


@pytest.mark.parametrize(
    "page",
    ["email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "logout/"],
)
def test_every_page_about_oneself_is_shown(client: Client, page: str) -> None:
    log_in(client, member().email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(f"/accounts/{page}").status_code == 200


def test_recovery_codes_are_made_and_shown(client: Client) -> None:
    user = member()
    secret = with_totp(user)
    log_in(client, user.email)
    client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    asked = client.post("/accounts/2fa/recovery-codes/generate/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200


def test_guessing_ends_soon(client: Client) -> None:
    user = member()
    for _ in range(5):
        log_in(client, user.email, "another-password")
    assert log_in(client, user.email) == ""
    assert not is_in(client)
