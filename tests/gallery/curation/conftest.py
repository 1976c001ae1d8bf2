"""Curators, and works before them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator, member


@pytest.fixture
def judge(db: None) -> User:
    return curator()


@pytest.fixture
def colleague(db: None) -> User:
    """A second curator."""
    return curator()


@pytest.fixture
def private(artist: Artist) -> Artwork:
    """A work of the artist's that nobody has hung."""
    return private_work(artist.user)


def private_work(maker: User, **more: Any) -> Artwork:
    return hanging.work(maker, visibility=Visibility.PRIVATE, hung_at=None, **more)


def resident() -> User:
    """Somebody who has been here for long."""
    return member(date_joined=timezone.now() - timedelta(days=100))
