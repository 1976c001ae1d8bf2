"""The house offers engines of its own: curators price them, and collectors order by them with a picture alone."""

from collections.abc import Callable

import pytest
from django.db import Error
from rest_framework.test import APIClient

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.commissions import services as commissions
from marketplace.commissions.models import Commission
from marketplace.core.errors import InvalidInput
from marketplace.listings import selectors, services
from marketplace.listings.errors import NotTheHouse
from marketplace.listings.models import Listing
from tests.marketplace.accounts.people import curator
from tests.marketplace.staging import Stage
from tests.payments.provider import VISA

ClientOf = Callable[[User], APIClient]
URL = "/api/v1/listings/"
ENGINE = "texture"  # asks for one picture


def test_a_curator_offers_an_engine_and_reprices_it(stage: Stage, client_of: ClientOf) -> None:
    house = client_of(curator())
    body = {"engine": ENGINE, "artist": stage.artist.slug, "price_amount": 1900}
    offered = house.post(URL, body, format="json")
    assert (offered.status_code, offered.json()["kind"], offered.json()["engine"]) == (201, "engine", ENGINE)
    again = house.post(URL, body | {"price_amount": 2100}, format="json")
    assert (again.json()["id"], again.json()["price_amount"]) == (offered.json()["id"], 2100)
    shown = APIClient().get(f"{URL}?kind=engine").json()["results"]
    assert [(one["title"], one["artist"]) for one in shown] == [("Texture", stage.artist.slug)]
    assert [one["kind"] for one in APIClient().get(f"{URL}?kind=style").json()["results"]] == ["style"]
    assert APIClient().get(f"{URL}?kind=model").json()["results"] == []


def test_artists_do_not_offer_the_houses_engines(stage: Stage) -> None:
    with pytest.raises(NotTheHouse):
        services.publish_engine_listing(
            curator=stage.artist.user, artist=stage.artist, engine=ENGINE, price_amount=1900
        )
    assert selectors.listing_of_engine(ENGINE) is None


@pytest.mark.parametrize("engine", ["no-such", "flow-field", "arbitrary-style", "gan", "train-gan"])
def test_what_needs_no_picture_or_more_than_one_is_no_offer(stage: Stage, engine: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.publish_engine_listing(curator=curator(), artist=stage.artist, engine=engine, price_amount=1900)
    assert list(refused.value.data["errors"]) == ["engine"]
    assert not Listing.objects.exclude(engine="").exists()


def test_an_offer_is_of_one_thing(stage: Stage, client_of: ClientOf) -> None:
    body = {"engine": ENGINE, "artwork": str(stage.listing.artwork_id), "price_amount": 1900}
    refused = client_of(curator()).post(URL, body, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["artwork"])
    with pytest.raises(Error, match="listings_offers_one_thing"):
        Listing.objects.update(engine=ENGINE)


def test_what_is_ordered_by_an_engine_is_painted_paid_and_owned(stage: Stage, settle: Callable[[], None]) -> None:
    listing = services.publish_engine_listing(curator=curator(), artist=stage.artist, engine=ENGINE, price_amount=1900)
    commission = stage.order(listing_id=listing.pk, parameters={"size": 64})
    commissions.pay(commission=commission, payment_method=VISA)
    settle()
    commission = Commission.objects.get(pk=commission.pk)
    assert (commission.state, commission.engine, commission.title) == ("proof", ENGINE, "Texture")
    commissions.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    assert Artwork.objects.get(commission=commission).owner == stage.collector
