"""Models that paint photographs on pages: what a training form asks, what is shown, tried and ordered."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from generation.models import Dataset, Job, TrainedModel
from marketplace.accounts.models import Artist, User
from marketplace.listings import services as listings
from tests.gallery import hanging
from tests.gallery.markup import read
from tests.marketplace.modelling import trained_model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def painter(artist: Artist) -> TrainedModel:
    """Only its row: pages look at no weights."""
    return trained_model(artist, name="Ink", kind="translation", card={"classes": ["photographs", "works"]})


@pytest.fixture
def browser(artist: Artist, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(artist.user)


def test_the_training_form_offers_the_datasets_classes(browser: Client, frozen: Dataset) -> None:
    page = read(browser.get(f"{reverse('training-new')}?dataset={frozen.pk}&engine=train-translation"))
    assert page.all("select", name="p_photographs")
    assert page.all("select", name="p_works")
    assert len(page.all("option", value="even")) == len(page.all("option", value="odd")) == 2
    sent = {
        "dataset": str(frozen.pk), "engine": "train-translation", "name": "Ink", "request_key": "k",
        "p_photographs": "even", "p_works": "even",
    }  # fmt: skip
    refused = read(browser.post(reverse("training-new"), sent), 422)
    assert "two classes" in refused.html
    assert browser.post(reverse("training-new"), sent | {"p_works": ""}).status_code == 302
    assert Job.objects.get().parameters["photographs"] == "even"


def test_photographs_before_and_after_stand_where_seeds_would(client: Client, painter: TrainedModel) -> None:
    page = read(client.get(f"/models/{painter.pk}/?seed=42"))
    assert page.all("img", alt="Photographs before and after Ink painted them")
    assert "Seed" not in page.html


def test_its_artist_tries_it_on_a_photograph(browser: Client, artist: Artist, painter: TrainedModel) -> None:
    page = read(browser.get(f"/models/{painter.pk}/"))
    assert page.all("form", **{"data-uploads-url": "/api/v1/uploads/"})
    address = reverse("model-try", args=[painter.pk])
    sent = {"engine": "translate", "request_key": "k", "photograph": ""}
    assert "Choose a photograph first." in read(browser.post(address, sent), 422).html
    upload = hanging.photograph(artist.user)
    for _ in range(2):
        assert browser.post(address, sent | {"photograph": str(upload.pk)}).status_code == 302
    job = Job.objects.get(engine="translate")
    assert (job.title, [given["name"] for given in job.inputs]) == ("A portrait in Ink", ["content"])


def test_a_stranger_s_photograph_is_not_tried(
    browser: Client, painter: TrainedModel, make_user: Callable[..., User]
) -> None:
    theirs = hanging.photograph(make_user())
    sent = {"engine": "translate", "request_key": "k", "photograph": str(theirs.pk)}
    read(browser.post(reverse("model-try", args=[painter.pk]), sent), 422)
    assert not Job.objects.filter(engine="translate").exists()


def test_it_is_ordered_with_a_photograph(
    client: Client, visitor: Client, artist: Artist, painter: TrainedModel
) -> None:
    listings.publish_model_listing(artist_user=artist.user, model_id=painter.pk, price_amount=3000)
    page = read(client.get(f"/models/{painter.pk}/"))
    assert page.all("a", href=f"/models/{painter.pk}/commission/?engine=translate")
    assert "sold once" not in page.html
    order = read(visitor.get(f"/models/{painter.pk}/commission/"))
    assert order.all("form", **{"data-uploads-url": "/api/v1/uploads/"})
    assert not order.all("input", name="seed")
