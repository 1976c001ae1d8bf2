"""What the database itself holds about people."""

import pytest
from django.db import IntegrityError, transaction

from marketplace.accounts import services
from marketplace.accounts.models import User
from tests.marketplace.accounts.people import curator, member

pytestmark = pytest.mark.django_db


def test_one_person_an_address_however_it_is_written() -> None:
    User.objects.create_user("ada@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="ADA@example.com").save()
    assert User.objects.create_user("  Grace@Example.com ").email == "grace@example.com"
    assert User.objects.get_by_natural_key("GRACE@example.com").email == "grace@example.com"


def test_others_never_see_the_whole_address() -> None:
    assert User(email="ada@example.com").name == "ada"
    assert str(User(email="ada@example.com", display_name="Ada L.")) == "Ada L."


def test_roles() -> None:
    assert not member().is_curator
    assert curator().is_curator
    assert User.objects.create_superuser("root@example.com", "x").is_curator


def test_curators_may_see_and_change_what_the_house_keeps_and_delete_nothing() -> None:
    permissions = curator().get_all_permissions()
    assert {"accounts.view_artist", "accounts.change_artist"} <= permissions
    assert not {p for p in permissions if "delete_" in p or "add_" in p or p.startswith(("auth.", "mfa."))}


def test_rows_say_what_they_are() -> None:
    user = member()
    token, _ = services.create_token(user=user, name="laptop", scopes=["read"], expires_in=None)
    assert str(token) == f"laptop ({token.prefix}…)"
    assert str(services.become_artist(user=user, name="Ada")) == "Ada"
