"""The people of `make run`, and nowhere else."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from marketplace.accounts.models import Artist, User
from tests.marketplace.accounts.people import sign_in

PEOPLE = ["collector@demo.test", "artist@demo.test", "ink@demo.test", "curator@demo.test"]
pytestmark = pytest.mark.django_db


def make(password: str = "demo-password-1") -> list[str]:
    out = StringIO()
    call_command("make_demo_accounts", "--password", password, stdout=out)
    return out.getvalue().split()


def test_the_demo_has_a_collector_two_artists_and_a_curator(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"atelier_demo": True})
    assert make() == PEOPLE
    scopes = {email: set(sign_in(email=email, password="demo-password-1").json()["scopes"]) for email in PEOPLE}
    for artist in ("artist@demo.test", "ink@demo.test"):
        assert "publish" in scopes[artist] - scopes["collector@demo.test"]
    assert "curate" in scopes["curator@demo.test"] - scopes["collector@demo.test"]
    curator = User.objects.get(email="curator@demo.test")
    assert (curator.is_staff, curator.is_superuser) == (True, False)


def test_made_again_they_are_the_same_people_with_the_new_password(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"atelier_demo": True})
    make("demo-password-1")
    Artist.objects.update(bio="Written by the artist.")
    make("demo-password-2")
    assert User.objects.count() == len(PEOPLE)
    assert Artist.objects.get(user__email="artist@demo.test").bio == "Written by the artist."
    assert sign_in(email="artist@demo.test", password="demo-password-1").status_code == 401
    assert sign_in(email="artist@demo.test", password="demo-password-2").status_code == 201


def test_outside_the_demo_they_are_refused(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"atelier_demo": False})
    with pytest.raises(CommandError, match="make run"):
        make()
    assert not User.objects.exists()
