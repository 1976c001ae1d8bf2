"""Artists offer the models that they trained: at a price, for as long as these are open to all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error
from rest_framework.test import APIClient

from generation import services as generation
from generation.errors import ModelUnavailable
from generation.models import TrainedModel
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.listings import selectors
from marketplace.listings.models import Listing
from marketplace.listings.services import publish_model_listing
from tests.gallery import hanging
from tests.marketplace.modelling import offer_model, trained_model

ClientOf = Callable[[User], APIClient]
URL = "/api/v1/listings/"


@pytest.fixture
def artist(user: User) -> Artist:
    return accounts.become_artist(user=user, name="Agnes Martin", bio="")


@pytest.fixture
def model(artist: Artist) -> TrainedModel:
    return trained_model(artist, name="Grids")


def shown(query: str = "") -> list[str]:
    return [found["title"] for found in APIClient().get(f"{URL}?{query}").json()["results"]]


def test_an_artist_offers_a_model_reprices_and_pauses_it(artist: Artist, model: TrainedModel, api: APIClient) -> None:
    body = {"model": str(model.pk), "price_amount": 3000}
    offered = api.post(URL, body, format="json")
    assert offered.status_code == 201
    told = {name: offered.json()[name] for name in ("kind", "model", "artwork", "title", "artist", "price")}
    assert told == {
        "kind": "model", "model": str(model.pk), "artwork": None, "title": "Grids", "artist": artist.slug,
        "price": "€30.00",
    }  # fmt: skip
    again = api.post(URL, body | {"price_amount": 4500}, format="json")
    assert (again.json()["id"], again.json()["price"]) == (offered.json()["id"], "€45.00")
    api.patch(f"{URL}{offered.json()['id']}/", {"state": "paused"}, format="json")
    assert shown() == []
    assert Listing.objects.count() == 1


def test_listings_are_found_by_what_they_offer(artist: Artist, model: TrainedModel) -> None:
    hanging.offer(hanging.work(artist.user, title="Leaf"))
    offer_model(artist, name="Rivers")
    assert (shown("kind=style"), shown("kind=model"), sorted(shown())) == (["Leaf"], ["Rivers"], ["Leaf", "Rivers"])
    assert shown(f"model={Listing.objects.get(artwork=None).trained_model_id}") == ["Rivers"]
    assert APIClient().get(f"{URL}?kind=film").status_code == 422


@pytest.mark.parametrize("close", [generation.deprecate_model, generation.withdraw_model])
def test_what_is_no_longer_open_is_no_longer_offered(
    artist: Artist, model: TrainedModel, close: Callable[..., object]
) -> None:
    listing = offer_model(artist)
    assert listing.trained_model_id is not None
    close(model_id=listing.trained_model_id, by=artist.user)
    assert shown() == []
    assert APIClient().get(f"{URL}{listing.pk}/").status_code == 404
    assert selectors.listing_of_model(listing.trained_model_id) is None
    assert selectors.kept_listing_of_model(listing.trained_model_id) == listing


@pytest.mark.parametrize("state", ["draft", "deprecated"])
def test_a_model_is_published_before_it_is_offered(artist: Artist, api: APIClient, state: str) -> None:
    model = trained_model(artist, state=state)
    refused = api.post(URL, {"model": str(model.pk), "price_amount": 3000}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "model-unavailable")


def test_nobody_offers_another_artists_model(
    artist: Artist, model: TrainedModel, make_user: Callable[..., User], client_of: ClientOf
) -> None:
    stranger = client_of(make_user())
    refused = stranger.post(URL, {"model": str(model.pk), "price_amount": 3000}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-work")
    draft = trained_model(artist, state="draft")
    assert stranger.post(URL, {"model": str(draft.pk), "price_amount": 3000}, format="json").status_code == 404


def test_what_is_sold_is_not_given_away_beside_it(
    artist: Artist, model: TrainedModel, make_user: Callable[..., User]
) -> None:
    asked: dict[str, Any] = {"engine": "gan", "parameters": {}, "seed": 42}
    stranger = make_user()
    generation.submit_job(owner=stranger, trained_model=model, **asked)  # it was open, and free
    publish_model_listing(artist_user=artist.user, model_id=model.pk, price_amount=3000)
    model.refresh_from_db()
    with pytest.raises(ModelUnavailable, match="commission"):
        generation.submit_job(owner=stranger, trained_model=model, **asked)
    generation.submit_job(owner=artist.user, trained_model=model, **asked)


def test_a_listing_offers_one_thing(artist: Artist, model: TrainedModel, api: APIClient) -> None:
    work = hanging.work(artist.user)
    for body in ({}, {"model": str(model.pk), "artwork": str(work.pk)}):
        refused = api.post(URL, body | {"price_amount": 3000}, format="json")
        assert (refused.status_code, list(refused.json()["errors"])) == (422, ["artwork"])


def test_the_database_refuses_a_listing_of_both(artist: Artist, model: TrainedModel) -> None:
    listing = hanging.offer(hanging.work(artist.user))
    with pytest.raises(Error, match="listings_offers_one_thing"):
        Listing.objects.filter(pk=listing.pk).update(trained_model=model)


def test_the_database_refuses_a_listing_of_nothing(artist: Artist) -> None:
    listing = hanging.offer(hanging.work(artist.user))
    with pytest.raises(Error, match="listings_offers_one_thing"):
        Listing.objects.filter(pk=listing.pk).update(artwork=None)
