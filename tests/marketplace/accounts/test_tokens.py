"""API tokens: from the password to the last request they open."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from marketplace.accounts import services
from marketplace.accounts.errors import ScopeRefused
from marketplace.accounts.models import ApiToken
from marketplace.core.errors import InvalidInput
from tests.marketplace.accounts.people import PASSWORD, bearer, curator, member, sign_in, token_client

pytestmark = pytest.mark.django_db


def test_a_token_opens_what_its_owner_may_see() -> None:
    user = member()
    answer = sign_in(email=user.email, password=PASSWORD, name="laptop", scopes=["read"], expires_in_days=30)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["name"], body["scopes"], body["last_used_at"]) == ("laptop", ["read"], None)
    assert body["token"].startswith("atl_")
    assert body["token"].startswith(body["prefix"])
    assert answer.headers["Cache-Control"] == "no-store"
    me = bearer(body["token"]).get("/api/v1/me/")
    assert (me.status_code, me.json()["email"], me.json()["scopes"]) == (200, user.email, ["read"])


def test_only_the_digest_is_kept() -> None:
    token, secret = services.create_token(user=member(), name="t", scopes=["read"], expires_in=None)
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert len(secret) >= 47
    assert row["prefix"] == secret[:12]
    assert len(row["digest"]) == 64


def test_without_scopes_a_token_may_all_that_its_owner_may_give() -> None:
    user = member()
    assert sign_in(email=user.email, password=PASSWORD).json()["scopes"] == [
        "buy",
        "collect",
        "commission",
        "pay",
        "profile",
        "read",
        "trade",
        "upload",
        "webhooks",
    ]
    services.become_artist(user=user, name="Ada")
    assert "publish" in sign_in(email=user.email, password=PASSWORD).json()["scopes"]
    assert "curate" in sign_in(email=curator().email, password=PASSWORD).json()["scopes"]


def test_a_scope_that_is_not_yours_is_refused() -> None:
    user = member()
    for scope in ("publish", "curate"):
        refused = sign_in(email=user.email, password=PASSWORD, scopes=["read", scope])
        assert (refused.status_code, refused.json()["code"]) == (403, "scope-refused")
        assert refused.json()["scopes"] == [scope]
    with pytest.raises(ScopeRefused):
        services.create_token(user=user, name="t", scopes=["curate"], expires_in=None)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_unknown_scopes_and_none_at_all_are_refused(scopes: list[str]) -> None:
    user = member()
    with pytest.raises(InvalidInput):
        services.create_token(user=user, name="t", scopes=scopes, expires_in=None)
    refused = sign_in(email=user.email, password=PASSWORD, scopes=scopes)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-input")


def test_a_token_without_the_scope_may_not() -> None:
    client = token_client(member(), ["read"])
    refused = client.post("/api/v1/artist-applications/", {"name": "Ada"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission-denied")
    assert token_client(member(), ["profile"]).get("/api/v1/me/").status_code == 403


def test_an_expired_token_opens_nothing() -> None:
    token, secret = services.create_token(user=member(), name="t", scopes=["read"], expires_in=timedelta(minutes=1))
    assert bearer(secret).get("/api/v1/me/").status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    refused = bearer(secret).get("/api/v1/me/")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="atelier"'
    with pytest.raises(InvalidInput):
        services.create_token(user=token.user, name="t", scopes=["read"], expires_in=timedelta(0))


@pytest.mark.parametrize("header", ["Bearer", "Bearer atl_unknown", "Bearer nothing", "Bearer a b"])
def test_what_is_no_token_is_refused_even_where_all_may_read(header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    assert client.get("/api/v1/artists/").status_code == 401


def test_a_token_of_somebody_who_was_shut_out_opens_nothing() -> None:
    user = member()
    client = token_client(user, ["read"])
    user.is_active = False
    user.save()
    assert client.get("/api/v1/me/").status_code == 401


def test_use_is_written_down_at_most_once_a_minute() -> None:
    token, secret = services.create_token(user=member(), name="t", scopes=["read"], expires_in=None)
    services.use_token(secret=secret)
    token.refresh_from_db()
    first = token.last_used_at
    services.use_token(secret=secret)
    token.refresh_from_db()
    assert token.last_used_at == first
    assert first is not None
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(minutes=2))
    services.use_token(secret=secret)
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at >= first


def test_tokens_are_listed_without_their_secrets_until_revoked() -> None:
    user = member()
    old, _ = services.create_token(user=user, name="old", scopes=["read"], expires_in=None)
    _, secret = services.create_token(user=user, name="new", scopes=["read"], expires_in=None)
    services.create_token(user=member(), name="somebody else's", scopes=["read"], expires_in=None)
    services.revoke_token(user=user, token_id=old.pk)
    listed = bearer(secret).get("/api/v1/auth/tokens/")
    assert [row["name"] for row in listed.json()["results"]] == ["new"]
    assert secret not in listed.content.decode()
    assert "digest" not in listed.json()["results"][0]


def test_a_token_may_revoke_itself_and_no_other() -> None:
    user = member()
    other, _ = services.create_token(user=user, name="other", scopes=["read"], expires_in=None)
    token, secret = services.create_token(user=user, name="t", scopes=["read"], expires_in=None)
    assert bearer(secret).delete(f"/api/v1/auth/tokens/{other.pk}/").status_code == 403
    assert bearer(secret).delete(f"/api/v1/auth/tokens/{token.pk}/").status_code == 204
    assert bearer(secret).get("/api/v1/me/").status_code == 401
    other.refresh_from_db()
    assert other.revoked_at is None


def test_somebody_signed_in_revokes_their_own_tokens_only() -> None:
    user, client = member(), APIClient()
    client.force_login(user)
    mine, _ = services.create_token(user=user, name="mine", scopes=["read"], expires_in=None)
    theirs, _ = services.create_token(user=member(), name="theirs", scopes=["read"], expires_in=None)
    assert client.delete(f"/api/v1/auth/tokens/{mine.pk}/").status_code == 204
    assert client.delete(f"/api/v1/auth/tokens/{mine.pk}/").status_code == 204
    assert client.delete(f"/api/v1/auth/tokens/{theirs.pk}/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    assert APIClient().delete(f"/api/v1/auth/tokens/{theirs.pk}/").status_code == 401


def test_the_document_names_every_way_to_say_who_one_is() -> None:
    document = APIClient().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    schemes = document["components"]["securitySchemes"]
    assert schemes["token"] == schemes["token"] | {"type": "http", "scheme": "bearer"}
    assert "X-Session-Token" in {scheme.get("name") for scheme in schemes.values()}
    assert document["paths"]["/api/v1/auth/token/"]["post"].get("security", []) == []
