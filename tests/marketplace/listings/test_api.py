"""Artists list their own works; everybody sees what is open."""

from collections.abc import Callable

import pytest
from django.db import Error
from rest_framework.test import APIClient

from generation import services as generation
from marketplace.accounts.models import User
from marketplace.listings.models import Listing
from tests.marketplace.accounts.people import curator
from tests.marketplace.staging import Stage

ClientOf = Callable[[User], APIClient]


def test_an_artist_publishes_reprices_and_pauses(stage: Stage, client_of: ClientOf) -> None:
    artist = client_of(stage.artist.user)
    body = {"artwork": str(stage.listing.artwork_id), "price_amount": 4000}
    published = artist.post("/api/v1/listings/", body, format="json")
    assert (published.status_code, published.json()["id"]) == (201, str(stage.listing.pk))
    assert published.json()["price"] == "€40.00"
    paused = artist.patch(f"/api/v1/listings/{stage.listing.pk}/", {"state": "paused"}, format="json")
    assert paused.json()["state"] == "paused"
    assert APIClient().get("/api/v1/listings/").json()["results"] == []
    assert APIClient().get(f"/api/v1/listings/{stage.listing.pk}/").status_code == 404


def test_everybody_sees_and_filters_open_listings(stage: Stage) -> None:
    anybody = APIClient()
    assert len(anybody.get("/api/v1/listings/").json()["results"]) == 1
    assert len(anybody.get("/api/v1/listings/?artist=nobody").json()["results"]) == 0
    assert len(anybody.get("/api/v1/listings/?at_most=2500").json()["results"]) == 0
    assert len(anybody.get("/api/v1/listings/?at_most=2501").json()["results"]) == 1


def test_a_work_that_was_taken_down_is_not_for_sale(stage: Stage) -> None:
    assert stage.listing.artwork_id is not None
    generation.take_down_artwork(artwork_id=stage.listing.artwork_id, curator=curator())
    assert APIClient().get("/api/v1/listings/").json()["results"] == []


def test_nobody_lists_or_changes_another_artists_work(stage: Stage, client_of: ClientOf) -> None:
    stranger = client_of(stage.collector)
    body = {"artwork": str(stage.listing.artwork_id), "price_amount": 100}
    refused = stranger.post("/api/v1/listings/", body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-work")
    change = stranger.patch(f"/api/v1/listings/{stage.listing.pk}/", {"price_amount": 100}, format="json")
    assert (change.status_code, change.json()["code"]) == (403, "not-your-work")
    assert APIClient().post("/api/v1/listings/", body, format="json").status_code == 401


@pytest.mark.parametrize("price", [0, -5, 99, "much", None])
def test_a_price_that_is_none_is_refused_by_field(stage: Stage, client_of: ClientOf, price: object) -> None:
    body = {"artwork": str(stage.listing.artwork_id), "price_amount": price}
    refused = client_of(stage.artist.user).post("/api/v1/listings/", body, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["price_amount"])


def test_the_database_refuses_a_price_of_nothing(stage: Stage) -> None:
    with pytest.raises(Error, match="listings_price_positive"):
        Listing.objects.update(price_amount=0)
