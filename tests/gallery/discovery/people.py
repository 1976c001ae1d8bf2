"""People as discovery knows them: collectors of long standing, and newcomers."""

from datetime import timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from gallery import services
from generation.models import Artwork
from marketplace.accounts.models import User
from tests.gallery import hanging

_numbers = count(1)
LONG_AGO = timedelta(days=400)


def established(*, age: timedelta = LONG_AGO, is_verified: bool = True) -> User:
    """Somebody who has been here for long, and whose address is proved."""
    email = f"collector{next(_numbers)}@example.org"
    person = User.objects.create(email=email, date_joined=timezone.now() - age)
    EmailAddress.objects.create(user=person, email=email, verified=is_verified, primary=True)
    return person


def farm(size: int) -> list[User]:
    """So many accounts that were made at once, with addresses that their maker reads."""
    made = [User(email=f"bot{next(_numbers)}@example.net", date_joined=timezone.now()) for _ in range(size)]
    User.objects.bulk_create(made)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=bot, email=bot.email, verified=True, primary=True) for bot in made
    )
    return made


def hang(maker: User, **more: Any) -> Artwork:
    """A work of theirs, on the wall unless `visibility` says otherwise, with its card."""
    work = hanging.work(maker, **more)
    services.refresh_cards([work.pk])
    return work


def save(person: User, *works: Artwork) -> None:
    for work in works:
        services.save_work(person=person, artwork_id=work.pk)
