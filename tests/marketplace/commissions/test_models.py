"""Commissions from a model: a seed that is sold once, or a portrait; and what becomes of them when the model goes."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import Error, connection, transaction
from rest_framework.test import APIClient

from generation import services as generation
from generation.models import Artwork, Job, Priority, TrainedModel
from marketplace.accounts.models import Artist, User
from marketplace.commissions import selectors, services
from marketplace.commissions.errors import SeedTaken
from marketplace.commissions.models import Commission
from marketplace.core.errors import InvalidInput
from marketplace.listings.models import Listing
from marketplace.orders.models import Ownership
from payments import ledger
from payments.models import Payment
from tests.gallery import hanging
from tests.marketplace.accounts.people import curator
from tests.marketplace.commissions.ordering import Order, Settle, again, paid
from tests.marketplace.modelling import offer_model
from tests.marketplace.staging import send_photograph
from tests.payments.provider import Provider

State = Commission.State
URL = "/api/v1/commissions/"


def test_a_seed_is_painted_accepted_and_owned(
    order: Order, user: User, artist: Artist, model: TrainedModel, settle: Settle
) -> None:
    # The artist has hung that very seed: what a collector has painted by the same model is no theft of it.
    job = generation.submit_job(
        owner=artist.user,
        engine="gan",
        parameters={"size": 64},
        seed=42,
        trained_model=model,
        priority=Priority.COMMISSION,
    )
    settle()
    hung = generation.hang_artwork(artwork_id=Artwork.objects.get(job=job).pk, curator=curator())
    assert hung.phash is not None

    commission = paid(order(seed=42))
    settle()
    artwork = again(commission).artwork
    assert artwork is not None
    assert artwork.pixels_sha256 == hung.pixels_sha256
    assert (artwork.title, artwork.seed, artwork.engine) == ("Seed 42 of Tides", 42, "gan")
    assert (artwork.model_hash, artwork.style_artist, artwork.artist, artwork.owner) == (
        model.model_hash, artist, None, None,
    )  # fmt: skip
    services.accept(commission_id=commission.pk, collector=user)
    settle()
    assert again(commission).state == State.DELIVERED
    assert Ownership.objects.get().owner == user
    assert (ledger.balance(ledger.payee(artist.user_id), "eur"), ledger.balance("platform:revenue", "eur")) == (
        -2101,
        -900,
    )


def test_a_portrait_takes_a_photograph_and_the_engine_that_asks_for_one(
    order: Order, user: User, settle: Settle
) -> None:
    chosen = {"size": 64, "steps": 20}
    commission = paid(order(photograph_id=send_photograph(user).pk, parameters=chosen))
    assert commission.engine == "gan-project"
    settle()
    artwork = again(commission).artwork
    assert artwork is not None
    assert (artwork.title, [given["name"] for given in artwork.recipe["inputs"]]) == (
        "A portrait in Tides",
        ["picture"],
    )


def test_without_a_seed_one_is_drawn(order: Order) -> None:
    seeds = {order().seed for _ in range(5)}
    assert len(seeds) == 5
    assert None not in seeds


def test_a_seed_is_sold_once_whatever_the_parameters(
    order: Order, make_user: Callable[..., User], model: TrainedModel, artist: Artist
) -> None:
    first = order(seed=42)
    assert selectors.taken_seeds(model.pk) == {42}
    with pytest.raises(SeedTaken) as refused:
        order(seed=42, collector=make_user(), parameters={"size": 128, "truncation": 0.5})
    assert refused.value.data["errors"] == {"seed": ["It is taken: choose another seed."]}
    assert Payment.objects.count() == 1
    order(seed=43)
    order(seed=42, listing_id=offer_model(artist, name="Rivers").pk)  # another model's seed is another picture
    services.cancel(commission_id=first.pk, collector=first.collector)
    assert selectors.taken_seeds(model.pk) == {43}
    order(seed=42)


def test_two_who_order_one_seed_at_once_get_one_order(listing: Listing, make_user: Callable[..., User]) -> None:
    start, ends = Barrier(2), list[object]()

    def ask(collector: User) -> None:
        start.wait()
        try:
            ends.append(services.order_commission(collector=collector, listing_id=listing.pk, seed=7, parameters={}))
        except SeedTaken as error:
            ends.append(error)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(make_user(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(end).__name__ for end in ends) == ["Commission", "SeedTaken"]
    assert (Commission.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_double_click_on_a_seed_is_one_order(listing: Listing, user: User) -> None:
    start, orders = Barrier(2), list[Commission]()

    def click() -> None:
        start.wait()
        asked: dict[str, Any] = {"collector": user, "listing_id": listing.pk, "seed": 7, "parameters": {}}
        try:
            orders.append(services.order_commission(**asked, request_key="k"))
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(orders) == 2
    assert orders[0].pk == orders[1].pk


def test_the_database_itself_refuses_a_seed_twice(order: Order) -> None:
    order(seed=1)
    other = order(seed=2)
    with pytest.raises(Error, match="commissions_seed_once"), transaction.atomic():
        Commission.objects.filter(pk=other.pk).update(seed=1)
    with pytest.raises(Error, match="commissions_of_a_style_or_a_model"), transaction.atomic():
        Commission.objects.filter(pk=other.pk).update(seed=None)


def test_portraits_of_one_seed_are_as_many_as_there_are_people(order: Order, user: User) -> None:
    for _ in range(2):
        order(seed=42, photograph_id=hanging.photograph(user).pk, parameters={})
    assert Commission.objects.filter(seed=42).count() == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"engine": "arbitrary-style"}, "engine"),
        ({"engine": "gan-walk"}, "engine"),
        ({"engine": "autoencoder"}, "engine"),
        ({"engine": "gan-project"}, "photograph"),
        ({"engine": "gan", "photograph": True}, "photograph"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**53}, "seed"),
        ({"parameters": {"truncation": 9}}, "parameters.truncation"),
        ({"parameters": {"class_name": "noon"}}, "parameters.class_name"),
    ],
)
def test_what_a_model_cannot_paint_is_refused_by_field(
    listing: Listing, user: User, api: APIClient, asked: dict[str, Any], field: str
) -> None:
    if "photograph" in asked:
        asked = asked | {"photograph": str(hanging.photograph(user).pk)}
    refused = api.post(URL, {"listing": str(listing.pk)} | asked, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert not Commission.objects.exists()


def test_a_style_takes_no_seed(artist: Artist, order: Order, user: User) -> None:
    style = hanging.offer(hanging.work(artist.user))
    with pytest.raises(InvalidInput) as refused:
        order(listing_id=style.pk, photograph_id=hanging.photograph(user).pk, parameters={}, seed=1)
    assert list(refused.value.data["errors"]) == ["seed"]


def test_over_http_an_order_tells_of_its_model_and_a_taken_seed_is_a_409(
    listing: Listing, model: TrainedModel, artist: Artist, api: APIClient
) -> None:
    body = {"listing": str(listing.pk), "seed": 42, "parameters": {"class_name": "dusk"}}
    ordered = api.post(URL, body, format="json")
    assert ordered.status_code == 201
    told = {
        name: ordered.json()[name] for name in ("title", "model", "style", "artist", "engine", "seed", "photograph")
    }
    assert told == {
        "title": "Seed 42 of Tides", "model": str(model.pk), "style": None, "artist": artist.slug, "engine": "gan",
        "seed": 42, "photograph": None,
    }  # fmt: skip
    assert ordered.json()["parameters"]["truncation"] == 0.8
    taken = api.post(URL, body, format="json")
    assert (taken.status_code, taken.json()["code"], list(taken.json()["errors"])) == (409, "seed-taken", ["seed"])


def test_a_model_withdrawn_before_the_picture_is_painted_releases_the_card(
    order: Order, model: TrainedModel, artist: Artist, settle: Settle, provider: Provider
) -> None:
    unpaid, queued = order(seed=1), paid(order(seed=2))
    services.start_painting(payment_id=queued.payment_id)
    generation.withdraw_model(model_id=model.pk, by=artist.user)
    services.end_orders_from(model_id=model.pk)  # before a painter comes to it
    settle()
    for commission in (unpaid, queued):
        assert again(commission).state == State.FAILED
        assert "withdrawn" in again(commission).reason
    assert provider.intent(again(queued).payment)["status"] == "canceled"
    assert Job.objects.get(commission=queued).state == Job.State.CANCELLED
    assert not Artwork.objects.exists()


def test_the_house_hears_of_a_withdrawal(order: Order, model: TrainedModel, artist: Artist, settle: Settle) -> None:
    unpaid = order(seed=1)
    generation.withdraw_model(model_id=model.pk, by=artist.user)
    settle()
    assert again(unpaid).state == State.FAILED


def test_an_authorisation_that_comes_after_the_withdrawal_is_released(
    order: Order, model: TrainedModel, settle: Settle, provider: Provider
) -> None:
    commission = paid(order(seed=1))
    TrainedModel.objects.filter(pk=model.pk).update(state="withdrawn", state_before="published")  # nobody told us yet
    settle()
    assert again(commission).state == State.FAILED
    assert provider.intent(again(commission).payment)["status"] == "canceled"


def test_what_is_ordered_is_painted_though_the_model_was_deprecated_since(
    order: Order, model: TrainedModel, artist: Artist, settle: Settle
) -> None:
    commission = paid(order(seed=1))
    generation.deprecate_model(model_id=model.pk, by=artist.user)
    settle()
    assert again(commission).state == State.PROOF


def test_what_is_painted_stands_though_the_model_was_withdrawn(
    order: Order, user: User, model: TrainedModel, artist: Artist, settle: Settle
) -> None:
    commission = paid(order(seed=1))
    settle()
    generation.withdraw_model(model_id=model.pk, by=artist.user)
    services.end_orders_from(model_id=model.pk)
    settle()
    assert again(commission).state == State.PROOF
    services.accept(commission_id=commission.pk, collector=user)
    settle()
    assert again(commission).state == State.DELIVERED
