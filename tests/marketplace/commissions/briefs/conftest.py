"""An artist who takes commissions by brief, and a collector."""

from collections.abc import Callable

import pytest

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.commissions.services import briefs
from marketplace.listings import services as listings
from tests.marketplace.commissions.briefs.asking import Desk
from tests.payments.provider import Provider


@pytest.fixture
def desk(
    transactional_db: None, make_user: Callable[..., User], provider: Provider, settle: Callable[[], None]
) -> Desk:
    listings.offer_licences()
    artist = accounts.become_artist(user=make_user(), name="Vera Molnár", bio="")
    briefs.set_terms(
        artist_user=artist.user, is_open=True, queue_limit=2, min_price_amount=2_000,
        licences=["personal", "commercial"],
    )  # fmt: skip
    return Desk(make_user(), artist, settle)
