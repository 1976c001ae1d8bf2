"""What a new model paints is looked at, picture by picture; where one is flagged, a curator decides."""

import io
from collections.abc import Callable
from typing import ClassVar

import pytest
from django.conf import LazySettings
from PIL import Image
from rest_framework.test import APIClient

from generation import selectors, services
from generation.errors import ModelHeld, ReviewFinal
from generation.models import Job, Review, TrainedModel
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation.learning.training_runs import Start, fresh, run
from tests.generation.watching import outcomes
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db(transaction=True)
SEED, SIDE = 43, 128


class Picky:
    """Takes one picture for explicit, and no other."""

    taken_for_explicit: ClassVar[bytes] = b""

    def score(self, image: Image.Image) -> float:
        return 0.9 if image.size == (SIDE, SIDE) and image.tobytes() == self.taken_for_explicit else 0.1


@pytest.fixture
def classifier(settings: LazySettings) -> Callable[[str], None]:
    """Have the gate look through other eyes."""

    def use(name: str) -> None:
        settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": name})

    return use


@pytest.fixture
def held(start: Start, classifier: Callable[[str], None]) -> TrainedModel:
    """A model whose pictures were flagged, in a house that lets others pass again."""
    classifier("tests.generation.moderation.magenta.Wary")
    model = TrainedModel.objects.get(training=run(start(images=8)))
    classifier("tests.generation.moderation.magenta.Blind")
    return model


def review_of(model: TrainedModel) -> Review:
    return Review.objects.standing().get(trained_model=model)


def test_one_flagged_picture_of_many_holds_the_model(
    model: TrainedModel, start: Start, classifier: Callable[[str], None]
) -> None:
    sheet = Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, model.samples_key))).convert("RGB")
    left, top = (SEED - 1) % 8 * SIDE, (SEED - 1) // 8 * SIDE
    Picky.taken_for_explicit = sheet.crop((left, top, left + SIDE, top + SIDE)).tobytes()
    classifier(f"{__name__}.Picky")
    twin = TrainedModel.objects.get(training=run(start()))
    assert (twin.model_hash, model.is_held, twin.is_held) == (model.model_hash, False, True)
    assert review_of(twin).explicit == 0.9


def test_of_a_held_model_nobody_is_shown_anything(
    held: TrainedModel, artist: Artist, client_of: Callable[[User], APIClient]
) -> None:
    assert (held.is_held, held.state) == (True, "draft")
    assert Job.objects.get(pk=held.training.job_id).preview_key == ""
    shown = client_of(artist.user).get(f"/api/v1/models/{held.pk}/").json()
    assert (shown["is_held"], shown["samples"]["url"]) == (True, "")
    refused = client_of(artist.user).post(f"/api/v1/models/{held.pk}/publish/")
    assert (refused.status_code, refused.json()["code"]) == (409, "model-held")
    assert "A curator looks at it first" in refused.json()["detail"]

    (waiting,) = client_of(curator()).get("/api/v1/reviews/?state=waiting").json()["results"]
    assert (waiting["trained_model"], waiting["kinds"], waiting["explicit"]) == (str(held.pk), ["explicit"], 1.0)
    assert waiting["sent_by"] == artist.user.name
    assert held.samples_key in waiting["picture_url"]


def test_a_cleared_model_is_shown_and_opened_and_that_is_final(held: TrainedModel, artist: Artist) -> None:
    services.clear_review(review_id=review_of(held).pk, curator=curator())
    held.refresh_from_db()
    assert selectors.samples_url(held) != ""
    assert services.publish_model(model_id=held.pk, by=artist.user).state == "published"
    with pytest.raises(ReviewFinal, match="it can be withdrawn"):
        services.undo_review(review_id=review_of(held).pk, curator=curator())


def test_a_clearance_that_is_taken_back_holds_the_model_again(held: TrainedModel, artist: Artist) -> None:
    services.clear_review(review_id=review_of(held).pk, curator=curator())
    services.undo_review(review_id=review_of(held).pk, curator=curator())
    held.refresh_from_db()
    assert (held.is_held, review_of(held).state) == (True, "waiting")
    with pytest.raises(ModelHeld):
        services.publish_model(model_id=held.pk, by=artist.user)


def test_a_refused_model_stays_closed_and_its_artist_reads_why(held: TrainedModel, artist: Artist) -> None:
    services.refuse_review(review_id=review_of(held).pk, curator=curator(), note="Number 43 is not for everybody.")
    with pytest.raises(ModelHeld, match=r"Number 43 is not for everybody\."):
        services.publish_model(model_id=held.pk, by=artist.user)
    held.refresh_from_db()
    assert selectors.samples_url(held) == ""
    assert services.withdraw_model(model_id=held.pk, by=artist.user).state == "withdrawn"


def test_a_gate_that_does_not_work_costs_an_attempt_and_not_the_training(
    start: Start, undisturbed: str, classifier: Callable[[str], None]
) -> None:
    classifier("no.such.Thing")
    begun = run(start())
    assert (begun.job.state, outcomes(begun.job)) == ("queued", [("retried", "screening-unavailable")])
    assert not TrainedModel.objects.filter(training=begun).exists()

    classifier("tests.generation.moderation.magenta.Blind")
    assert run(begun).job.state == "succeeded"
    assert TrainedModel.objects.get(training=fresh(begun)).model_hash == undisturbed
