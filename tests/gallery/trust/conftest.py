"""A signed work that somebody owns."""

import pytest

from generation.models import Artwork, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Edition
from marketplace.orders.services import certify, grant_ownership
from tests.generation import checking


@pytest.fixture
def signed(artist: Artist) -> Artwork:
    """A signed work that hangs on the wall."""
    return checking.work(
        artist.user, title="Ink River", artist=artist, visibility=Visibility.WALL, hung_at="2026-01-01T00:00Z",
        owner=None,
    )  # fmt: skip


@pytest.fixture
def edition(signed: Artwork, artist: Artist, user: User) -> Edition:
    """Its edition, which belongs to `user`, with its certificate."""
    grant_ownership(artwork=signed, artist=artist, owner=user, source="test:1")
    edition = Edition.objects.get(release__artwork=signed)
    certify(edition_id=edition.pk)
    return edition
