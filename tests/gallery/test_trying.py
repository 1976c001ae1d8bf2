"""Having something made with one's own model: from a seed, and from pictures that are sent before."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from generation.models import Artwork, Job, TrainedModel
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from tests.gallery import hanging
from tests.gallery.markup import Page, read
from tests.marketplace.modelling import trained_model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(artist: Artist, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(artist.user)


@pytest.fixture
def painter(artist: Artist) -> TrainedModel:
    """An autoencoder, of which nobody asks for a picture that is really made."""
    return trained_model(artist, kind="autoencoder")


def test_a_seed_is_tried_and_becomes_a_work(browser: Client, model: TrainedModel) -> None:
    sent = {"engine": "toy-model", "seed": "42", "request_key": "k"}
    for _ in range(2):
        answer = browser.post(reverse("model-try", args=[model.pk]), sent)
    job = Job.objects.get(purpose="work")
    at = reverse("model-work", args=[model.pk, job.pk])
    assert (answer.status_code, answer["location"], job.seed) == (302, at, 42)
    assert "It is being made" in browser.get(at).content.decode()
    run_next_batch("cpu")
    there = reverse("work", args=[Artwork.objects.get().pk])
    assert browser.get(at)["location"] == there
    assert browser.get(at, headers={"HX-Request": "true"})["HX-Redirect"] == there


def test_a_seed_that_is_none_is_named(browser: Client, model: TrainedModel) -> None:
    answer = browser.post(
        reverse("model-try", args=[model.pk]), {"engine": "toy-model", "seed": "x", "request_key": "k"}
    )
    assert answer.status_code == 422
    assert "The seed is a whole number" in answer.content.decode()


def test_what_an_engine_asks_for_is_asked_for(browser: Client, painter: TrainedModel) -> None:
    page = read(browser.get(f"/models/{painter.pk}/?engine=autoencoder-arithmetic"))
    asked = {one["data-pictures"]: one for one in page.all("fieldset") if "data-pictures" in one}
    assert list(asked) == ["input_picture", "input_with", "input_without"]
    assert [one["data-most"] for one in asked.values()] == ["1", "24", "24"]
    assert all("data-required" in one for one in asked.values())
    assert page.all("form", **{"data-uploads-url": "/api/v1/uploads/"})

    film = read(browser.get(f"/models/{painter.pk}/?engine=autoencoder-walk"))
    [pictures] = film.all("fieldset", **{"data-pictures": "input_pictures"})
    assert "data-required" not in pictures
    for query in ("", "?engine=autoencoder-reconstruct"):
        assert "data-pictures=" not in read(browser.get(f"/models/{painter.pk}/{query}")).html


def test_what_some_pictures_have_is_given_to_another(browser: Client, artist: Artist, painter: TrainedModel) -> None:
    pictures = [hanging.photograph(artist.user) for _ in range(4)]
    brought = {"input_picture": pictures[0].pk, "input_with": [pictures[1].pk, pictures[2].pk],
               "input_without": pictures[3].pk}  # fmt: skip
    for _ in range(2):
        browser.post(reverse("model-try", args=[painter.pk]), sent(**brought))
    job = Job.objects.get(engine="autoencoder-arithmetic")
    assert [(given["name"], given["sha256"]) for given in job.inputs] == [
        (name, picture.sha256) for name, picture in zip(["picture", "with", "with", "without"], pictures, strict=True)
    ]
    assert job.title == f"{painter.name}, after pictures"

    browser.post(reverse("model-try", args=[painter.pk]), sent(**brought | {"input_picture": pictures[1].pk}))
    assert Job.objects.filter(engine="autoencoder-arithmetic").count() == 2


def test_pictures_that_are_missing_are_asked_for_at_their_fields(browser: Client, painter: TrainedModel) -> None:
    assert tried(browser, painter).html.count("This picture is required.") == 3
    assert not Job.objects.filter(engine="autoencoder-arithmetic").exists()


def test_a_picture_of_somebody_else_is_none_and_what_was_sent_is_kept(
    browser: Client, artist: Artist, painter: TrainedModel, make_user: Callable[..., User]
) -> None:
    theirs, ours = hanging.photograph(make_user()), hanging.photograph(artist.user)
    for strange in (str(theirs.pk), str(uuid4()), "x"):
        assert "it did not arrive" in tried(browser, painter, input_picture=strange).html
    page = tried(browser, painter, input_picture=str(ours.pk), seed="x")
    assert page.all("input", name="input_picture", value=str(ours.pk))
    assert not Job.objects.filter(engine="autoencoder-arithmetic").exists()


def tried(browser: Client, model: TrainedModel, **more: Any) -> Page:
    return read(browser.post(reverse("model-try", args=[model.pk]), sent(**more)), 422)


def sent(**more: Any) -> dict[str, Any]:
    return {"engine": "autoencoder-arithmetic", "seed": "1", "request_key": "k", **more}
