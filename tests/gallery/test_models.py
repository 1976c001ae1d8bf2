"""Models on pages: walked through by everybody, named, opened and withdrawn by their artists."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from generation import services
from generation.models import Dataset, Job, TrainedModel
from marketplace.accounts.models import Artist, User
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(artist: Artist, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(artist.user)


def show(browser: Client, model: TrainedModel, query: str = "") -> str:
    answer = browser.get(reverse("model", args=[model.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(browser: Client, name: str, model: TrainedModel, **sent: str) -> int:
    return browser.post(reverse(name, args=[model.pk]), sent).status_code


def test_everybody_walks_through_a_model_that_is_open(client: Client, artist: Artist, model: TrainedModel) -> None:
    assert client.get(reverse("model", args=[model.pk])).status_code == 404
    services.publish_model(model_id=model.pk, by=artist.user)

    body = show(client, model, "?seed=42")
    assert body.count("#seed") == 64
    assert 'viewBox="128 640 128 128"' in body  # the second square of the sixth row
    assert "made by the artist (20)" in body
    assert reverse("model-try", args=[model.pk]) not in body
    assert model.name in client.get(reverse("models")).content.decode()


def test_an_artist_opens_closes_withdraws_and_brings_back(browser: Client, model: TrainedModel) -> None:
    for name, state in (
        ("model-publish", "published"), ("model-deprecate", "deprecated"), ("model-withdraw", "withdrawn"),
        ("model-restore", "deprecated"),
    ):  # fmt: skip
        assert act(browser, name, model) == 302
        model.refresh_from_db()
        assert model.state == state


def test_a_curator_withdraws_with_a_reason_that_the_artist_reads(
    browser: Client,
    model: TrainedModel,
    signed_in: Callable[[User], Client],
) -> None:
    house = signed_in(curator())
    act(house, "model-withdraw", model)
    model.refresh_from_db()
    assert model.state == "draft"
    act(house, "model-withdraw", model, reason="Not yours to teach.")
    assert "Not yours to teach." in show(browser, model)
    assert act(browser, "model-restore", model) == 403


def test_strangers_change_nothing(visitor: Client, artist: Artist, model: TrainedModel) -> None:
    services.publish_model(model_id=model.pk, by=artist.user)
    for name in ("model-describe", "model-publish", "model-deprecate", "model-withdraw", "model-restore"):
        assert act(visitor, name, model) == 404


def test_an_artist_says_what_it_paints(browser: Client, model: TrainedModel) -> None:
    act(browser, "model-describe", model, description="Colours of the harbour.")
    act(browser, "model-describe", model, direction_0="light", direction_3=" warmth ", direction_4="")
    model.refresh_from_db()
    assert model.description == "Colours of the harbour."
    assert model.directions == [{"number": 0, "name": "light"}, {"number": 3, "name": "warmth"}]


def test_what_is_withdrawn_cannot_be_tried(
    browser: Client,
    artist: Artist,
    model: TrainedModel,
    frozen: Dataset,
) -> None:
    services.withdraw_dataset(dataset_id=frozen.pk, owner=artist.user)
    assert "withdrew the pictures" in show(browser, model)
    answer = browser.post(
        reverse("model-try", args=[model.pk]), {"engine": "toy-model", "seed": "1", "request_key": "k"}
    )
    assert (answer.status_code, Job.objects.filter(purpose="work").count()) == (422, 0)
