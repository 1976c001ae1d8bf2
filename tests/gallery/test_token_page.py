"""API tokens on a page: made, shown once, revoked."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from marketplace.accounts import services
from marketplace.accounts.models import ApiToken, User
from tests.gallery.markup import read
from tests.marketplace.accounts.people import bearer

ADDRESS = "/accounts/tokens/"


def test_one_signs_in_first(client: Client, db: None) -> None:
    assert client.get(ADDRESS).headers["Location"] == f"/accounts/login/?next={ADDRESS}"


def test_a_token_is_made_shown_once_and_works(visitor: Client, user: User) -> None:
    answer = visitor.post(ADDRESS, {"name": "Backup", "scopes": ["read"], "days": "30"})
    assert answer.headers["Cache-Control"] == "no-store"
    [secret] = re.findall(r"atl_[\w-]{30,}", read(answer).html)
    assert bearer(secret).get("/api/v1/me/").status_code == 200
    page = read(visitor.get(ADDRESS))
    assert secret not in page.html
    assert "Backup" in page.html
    token = ApiToken.objects.get()
    assert (token.user, token.scopes) == (user, ["read"])
    assert token.expires_at is not None
    assert (token.expires_at - token.created_at).days in {29, 30}


def test_a_token_may_last_until_it_is_revoked(visitor: Client) -> None:
    read(visitor.post(ADDRESS, {"name": "Forever", "scopes": ["read"], "days": ""}))
    assert ApiToken.objects.get().expires_at is None
    assert "Lasts until you revoke it" in read(visitor.get(ADDRESS)).html


def test_a_token_that_ended_says_so(visitor: Client, user: User) -> None:
    services.create_token(user=user, name="Old", scopes=["read"], expires_in=timedelta(days=30))
    assert "expired" not in read(visitor.get(ADDRESS)).html
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert read(visitor.get(ADDRESS)).all("span", **{"class": "badge bad"})


def test_a_token_without_scopes_is_refused_and_nothing_is_lost(visitor: Client) -> None:
    page = read(visitor.post(ADDRESS, {"name": "Backup", "days": "30"}), 422)
    assert page.all("ul", id="id_scopes_error")
    assert page.value_of("name") == "Backup"
    assert page.all("option", value="30", selected="")
    assert not ApiToken.objects.exists()


def test_scopes_of_other_roles_are_not_offered(visitor: Client) -> None:
    offered = {box["value"] for box in read(visitor.get(ADDRESS)).all("input", type="checkbox")}
    assert "read" in offered
    assert not {"publish", "curate"} & offered
    read(visitor.post(ADDRESS, {"name": "Sly", "scopes": ["curate"], "days": "30"}), 422)
    assert not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing(visitor: Client) -> None:
    page = read(visitor.post(ADDRESS, {"name": "Backup", "scopes": ["read"], "days": "30"}))
    [secret] = re.findall(r"atl_[\w-]{30,}", page.html)
    [form] = [form for form in page.all("form") if "revoke" in form.get("action", "")]
    page = read(visitor.post(form["action"], follow=True))
    assert "The token is revoked." in page.html
    assert bearer(secret).get("/api/v1/me/").status_code == 401


def test_somebody_elses_token_cannot_be_revoked(
    visitor: Client, make_user: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    read(signed_in(make_user()).post(ADDRESS, {"name": "Theirs", "scopes": ["read"], "days": "30"}))
    token = ApiToken.objects.get()
    assert token.name not in read(visitor.get(ADDRESS)).html
    read(visitor.post(f"{ADDRESS}{token.pk}/revoke/"), 404)
    token.refresh_from_db()
    assert token.revoked_at is None
