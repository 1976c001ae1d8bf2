"""Accounts' pages in the gallery's dress: the same head and foot, every field with its label, no inline scripts."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.test import Client

from tests.gallery.markup import Page, read
from tests.marketplace.accounts.people import (
    PASSWORD,
    curator,
    member,
    totp_code,
    with_recovery_codes,
    with_totp,
)

FOR_ALL = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"]
FOR_MEMBERS = [
    "email/", "password/change/", "logout/", "reauthenticate/", "tokens/",
    "2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/",
]  # fmt: skip
UNLABELLED = {"hidden", "submit", "button"}


@pytest.fixture
def member_browser(db: None) -> Client:
    """The browser of somebody who has just given their password."""
    return entered(Client(), member().email)


def entered(browser: Client, email: str) -> Client:
    browser.post("/accounts/login/", {"login": email, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def check(page: Page) -> None:
    """Our house, one heading, and every field has a label."""
    assert page.all("a", href="#main", **{"class": "skip"})
    assert page.all("a", href="/api/v1/docs/")
    assert len(page.all("h1")) == 1
    labelled = {label["for"] for label in page.all("label") if "for" in label}
    for field in (*page.all("input"), *page.all("select"), *page.all("textarea")):
        wrapped = field.get("type") in {"checkbox", "radio"}
        assert field.get("type") in UNLABELLED or field.get("id") in labelled or wrapped, field
    described = {name for _, found in page.elements for name in found.get("aria-describedby", "").split()}
    assert described <= {found["id"] for _, found in page.elements if "id" in found}


@pytest.mark.parametrize("path", FOR_ALL)
def test_pages_for_everybody(client: Client, db: None, path: str) -> None:
    check(read(client.get(f"/accounts/{path}")))


@pytest.mark.parametrize("path", FOR_MEMBERS)
def test_pages_for_members(member_browser: Client, path: str) -> None:
    check(read(member_browser.get(f"/accounts/{path}")))


@pytest.mark.parametrize("path", ["", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "webauthn/"])
def test_pages_for_members_with_second_factors(db: None, path: str) -> None:
    person = member()
    secret = with_totp(person)
    with_recovery_codes(person)
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    check(read(browser.get("/accounts/2fa/authenticate/")))
    browser.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    # Without a credential, so it could not be asked for at the door; here it is only listed.
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Little blue key"})
    page = read(browser.get(f"/accounts/2fa/{path}"))
    check(page)
    assert page.all("a", href="/accounts/2fa/", **{"aria-current": "true" if path else "page"})


@pytest.mark.parametrize("path", ["password/reset/key/1-nonsense/", "confirm-email/nonsense/"])
def test_a_link_that_opens_nothing_gets_a_page(client: Client, db: None, path: str) -> None:
    check(read(client.get(f"/accounts/{path}")))


def test_a_new_password_leads_to_the_door(client: Client, db: None, mailoutbox: list[EmailMessage]) -> None:
    client.post("/accounts/password/reset/", {"email": member().email})
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mailoutbox[-1].body))
    assert found
    door = client.get(found[1]).headers["Location"]
    check(read(client.get(door)))
    page = read(client.post(door, {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}, follow=True))
    check(page)
    assert page.all("a", href="/accounts/login/", **{"class": "button"})


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("signup/", {"email": "no address", "password1": "short", "password2": "other"}),
        ("password/reset/", {"email": "no address"}),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    client: Client, db: None, path: str, form: dict[str, str]
) -> None:
    page = read(client.post(f"/accounts/{path}", form))
    check(page)
    assert page.all("ul", id="id_email_error")
    assert page.value_of("email") == "no address"


def test_the_menu_shows_what_is_ones_own(client: Client, member_browser: Client) -> None:
    stranger, known = read(client.get("/")), read(member_browser.get("/"))
    assert stranger.all("a", href="/accounts/login/")
    assert not stranger.all("a", href="/collection/")
    assert known.all("a", href="/collection/")
    assert not known.all("a", href="/admin/")


def test_curators_find_the_back_room(db: None) -> None:
    assert read(entered(Client(), curator().email).get("/")).all("a", href="/admin/")
