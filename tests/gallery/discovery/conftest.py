"""Two artists with works, and a collector."""

import pytest

from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging
from tests.gallery.discovery.people import established, hang


@pytest.fixture
def painter(db: None) -> Artist:
    return hanging.artist("Anni Albers")


@pytest.fixture
def weaver(db: None) -> Artist:
    return hanging.artist("Gunta Stölzl")


@pytest.fixture
def painting(painter: Artist) -> Artwork:
    return hang(painter.user, title="Meander")


@pytest.fixture
def collector(db: None) -> User:
    return established()
