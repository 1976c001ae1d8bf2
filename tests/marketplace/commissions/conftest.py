"""An artist who sells what a model paints, and a collector who orders from it."""

from collections.abc import Callable
from typing import Any

import pytest

from generation.models import TrainedModel
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.listings.models import Listing
from tests.marketplace.commissions.ordering import Order
from tests.marketplace.modelling import offer_model
from tests.payments.provider import Provider


@pytest.fixture
def artist(transactional_db: None, make_user: Callable[..., User], provider: Provider) -> Artist:
    return accounts.become_artist(user=make_user(), name="Agnes Martin", bio="")


@pytest.fixture
def listing(artist: Artist) -> Listing:
    return offer_model(artist, price=3001)


@pytest.fixture
def model(listing: Listing) -> TrainedModel:
    assert listing.trained_model is not None
    return listing.trained_model


@pytest.fixture
def order(user: User, listing: Listing) -> Order:
    """Order from the model, small."""

    def make(**more: Any) -> Commission:
        details: dict[str, Any] = {"collector": user, "listing_id": listing.pk, "parameters": {"size": 64}}
        return services.order_commission(**(details | more))

    return make
