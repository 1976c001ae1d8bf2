"""Who looks at the pages, and what hangs there."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Listing
from tests.gallery import hanging
from tests.generation.learning.conftest import add, dataset, frozen, model  # noqa: F401  # fixtures
from tests.payments.provider import Provider


@pytest.fixture
def artist(db: None) -> Artist:
    return hanging.artist()


@pytest.fixture
def artwork(artist: Artist) -> Artwork:
    return hanging.work(artist.user, title="Ink River")


@pytest.fixture
def listing(artwork: Artwork) -> Listing:
    return hanging.offer(artwork)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def make(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def visitor(user: User, signed_in: Callable[[User], Client]) -> Client:
    """The browser of `user`."""
    return signed_in(user)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The payment provider, empty at the start."""
    provider = Provider()
    provider.reset()
    yield provider
    provider.http.close()
