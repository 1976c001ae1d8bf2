"""The back room of accounts: who enters, and what they may touch."""

import pytest
from django.test import Client

from marketplace.accounts import services
from marketplace.accounts.models import ApiToken, User
from tests.marketplace.accounts.people import PASSWORD, curator, member, with_totp

pytestmark = pytest.mark.django_db

PAGES = ["accounts/user/", "accounts/artist/", "accounts/apitoken/"]


@pytest.fixture
def superuser() -> User:
    return member(is_staff=True, is_superuser=True)


def test_the_administration_is_entered_by_the_houses_own_door(client: Client, superuser: User) -> None:
    with_totp(superuser)
    door = client.get("/admin/", follow=True)
    assert door.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"
    form = {"login": superuser.email, "password": PASSWORD, "next": "/admin/"}
    assert client.post("/accounts/login/", form).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.post("/admin/login/", {"username": superuser.email, "password": PASSWORD}).status_code == 302
    assert client.get("/admin/accounts/user/").status_code == 302


def test_others_are_turned_away(client: Client) -> None:
    client.force_login(member())
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("page", [*PAGES, "auth/group/", "mfa/authenticator/", "accounts/user/add/", "auth/group/add/"])
def test_superusers_see_every_page(client: Client, superuser: User, page: str) -> None:
    services.create_token(user=superuser, name="t", scopes=["read"], expires_in=None)
    client.force_login(superuser)
    assert client.get(f"/admin/{page}").status_code == 200


def test_curators_see_people_and_tokens_but_no_second_factors(client: Client) -> None:
    client.force_login(curator())
    assert [client.get(f"/admin/{page}").status_code for page in PAGES] == [200, 200, 200]
    assert client.get("/admin/mfa/authenticator/").status_code == 403
    assert client.get("/admin/auth/group/").status_code == 403


def test_a_curator_corrects_a_name_and_nothing_that_gives_power(client: Client, superuser: User) -> None:
    person = member(display_name="Ada")
    client.force_login(curator())
    address = f"/admin/accounts/user/{person.pk}/change/"
    page = client.get(address)
    assert page.status_code == 200
    assert person.password not in page.content.decode()
    form = {"display_name": "Ada L.", "email": "mine@example.com", "is_superuser": "on", "is_staff": "on"}
    none = {"emailaddress_set-TOTAL_FORMS": "0", "emailaddress_set-INITIAL_FORMS": "0"}
    client.post(address, form | none)
    person.refresh_from_db()
    assert (person.display_name, person.is_superuser, person.is_staff) == ("Ada L.", False, False)
    assert person.email != "mine@example.com"
    assert client.get(f"/admin/accounts/user/{person.pk}/password/").status_code == 403
    assert client.get(f"/admin/accounts/user/{superuser.pk}/change/").status_code == 200
    client.post(f"/admin/accounts/user/{superuser.pk}/change/", form | none)
    superuser.refresh_from_db()
    assert superuser.display_name != "Ada L."


def test_a_superuser_makes_somebody_and_sets_a_password(client: Client, superuser: User) -> None:
    client.force_login(superuser)
    form = {"email": "New@Example.com", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    none = {"emailaddress_set-TOTAL_FORMS": "0", "emailaddress_set-INITIAL_FORMS": "0"}
    assert client.post("/admin/accounts/user/add/", form | none).status_code == 302
    person = User.objects.get(email="new@example.com")
    page = client.get(f"/admin/accounts/user/{person.pk}/change/")
    assert (page.status_code, person.password in page.content.decode()) == (200, False)
    form = {"usable_password": "true", "password1": "another-quiet-river", "password2": "another-quiet-river"}
    assert client.post(f"/admin/accounts/user/{person.pk}/password/", form).status_code == 302
    person.refresh_from_db()
    assert person.check_password("another-quiet-river")


def test_tokens_are_ended_here_and_never_edited(client: Client, superuser: User) -> None:
    token, secret = services.create_token(user=member(), name="t", scopes=["read"], expires_in=None)
    client.force_login(superuser)
    page = client.get(f"/admin/accounts/apitoken/{token.pk}/change/")
    assert token.digest not in page.content.decode()
    assert client.get("/admin/accounts/apitoken/add/").status_code == 403
    client.post("/admin/accounts/apitoken/", {"action": "revoke", "_selected_action": [str(token.pk)]})
    assert services.use_token(secret=secret) is None
    assert ApiToken.objects.get().revoked_at is not None


def test_an_artist_keeps_their_slug(client: Client, superuser: User) -> None:
    artist = services.become_artist(user=member(), name="Ada")
    client.force_login(superuser)
    address = f"/admin/accounts/artist/{artist.pk}/change/"
    assert client.get("/admin/accounts/artist/add/").status_code == 403
    client.post(address, {"name": "Ada L.", "slug": "other", "bio": ""})
    artist.refresh_from_db()
    assert (artist.name, artist.slug) == ("Ada L.", "ada")
