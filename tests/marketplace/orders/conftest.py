"""What the orders' tests start from."""

from collections.abc import Callable

import pytest

from marketplace.accounts.models import Artist, User
from marketplace.listings.models import Sale
from tests.marketplace.orders.market import make_artist, put_on_sale
from tests.payments.provider import Provider


@pytest.fixture
def artist(transactional_db: None, make_user: Callable[..., User], provider: Provider) -> Artist:
    return make_artist(make_user())


@pytest.fixture
def sale(artist: Artist) -> Sale:
    """Three editions for sale."""
    return put_on_sale(artist)
