"""Who sells, and what."""

import pytest

from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging


@pytest.fixture
def artist(db: None) -> Artist:
    return hanging.artist()


@pytest.fixture
def artwork(artist: Artist) -> Artwork:
    return hanging.work(artist.user, title="Ink River")


@pytest.fixture
def seller(artist: Artist) -> User:
    return artist.user
