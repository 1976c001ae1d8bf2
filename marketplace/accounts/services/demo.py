"""The people of `make run`: a collector, two artists and a curator."""

from dataclasses import dataclass

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext

from marketplace.accounts.errors import DemoOnly
from marketplace.accounts.models import CURATORS, Artist, User

log = structlog.get_logger(__name__)

PRINTMAKER = (
    "Inès Moreau trained as a printmaker in Lyon and paints with networks, fields and attractors. She is after the "
    "moment in which a rule, repeated long enough, starts to look like weather. Her styles are open to commissions."
)
INK_PAINTER = (
    "林夏 grinds ink in the morning and writes programs in the afternoon. They are the same work, she says: you set "
    "out a current, and then you let it go. 一笔之后水自己走。"
)


@dataclass(frozen=True)
class _Person:
    email: str
    name: str
    is_curator: bool = False
    artist_slug: str = ""
    bio: str = ""
    tax_country: str = ""


PEOPLE = (
    _Person("collector@demo.test", "Clara Lindqvist"),
    _Person("artist@demo.test", "Inès Moreau", artist_slug="ines-moreau", bio=PRINTMAKER, tax_country="FR"),
    _Person("ink@demo.test", "林夏", artist_slug="lin-xia", bio=INK_PAINTER, tax_country="DE"),
    _Person("curator@demo.test", "Tomasz Adeyemi", is_curator=True),
)


def make_demo_accounts(*, password: str) -> list[User]:
    """Make the people of the demo, or set their passwords anew.

    Raises DemoOnly wherever the house was not started as a demo.
    """
    if not settings.ATELIER.atelier_demo:
        raise DemoOnly(gettext("Demo accounts have a password that others know; they are made under `make run` alone."))
    with transaction.atomic():
        users = [_make(person, password) for person in PEOPLE]
    log.info("demo.accounts_ready", people=[user.email for user in users])
    return users


def _make(person: _Person, password: str) -> User:
    user, _ = User.objects.get_or_create(email=person.email, defaults={"display_name": person.name})
    if not user.check_password(password):
        user.set_password(password)
    user.is_active, user.is_staff = True, person.is_curator
    user.tax_country = user.tax_country or person.tax_country
    user.save()
    EmailAddress.objects.update_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
    if person.is_curator:
        user.groups.add(Group.objects.get(name=CURATORS))
    if person.artist_slug:
        told = {"slug": person.artist_slug, "name": person.name, "bio": person.bio}
        Artist.objects.get_or_create(user=user, defaults=told)
    return user
