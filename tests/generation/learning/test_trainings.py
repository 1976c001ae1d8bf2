"""A training as a job: from a frozen dataset to a model, and what becomes of the model with its dataset."""

from collections.abc import Callable
from typing import Any

import pytest

from generation import services
from generation.errors import DatasetNotOpen, TooManyTrainings
from generation.models import Dataset, Job, TrainedModel
from generation.worker import training
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.storage import Bucket
from tests.generation.conftest import told
from tests.generation.learning.training_runs import Start, fresh, run
from tests.generation.watching import outcomes

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_training_ends_in_a_model_with_its_card(start: Start, frozen: Dataset) -> None:
    done = run(start())

    model = TrainedModel.objects.get(training=done)
    assert (done.job.state, done.job.error_code, done.job.model_hash) == ("succeeded", "", model.model_hash)
    assert outcomes(done.job) == [("succeeded", "")]
    assert told("job.succeeded") == [str(done.job_id)]
    assert (done.images, done.step, done.reason) == (160, 20, "images")
    assert [point["images"] for point in done.curve] == [40.0, 80.0, 120.0, 160.0]
    assert (model.name, model.version, model.kind, model.state) == ("Colour", 1, "toy", "draft")
    assert storage.head(Bucket.PRIVATE, storage.content_key("weights", model.model_hash, "safetensors"))
    assert model.card["dataset"]["id"] == str(frozen.pk)
    assert model.card["dataset"]["consents"] == {"own": 20}
    assert model.card["classes"] == ["even", "odd"]
    assert sum(model.card["dataset"]["counts"].values()) == 20
    assert model.card["training"]["images"] == 160
    assert (model.card["seed"], model.card["parameters"]["images"]) == (3, 160)
    assert not training._folder(done.job).parent.exists() or not any(training._folder(done.job).parent.iterdir())


def test_models_of_one_name_are_versions(start: Start) -> None:
    for _ in range(2):
        run(start(images=8))
    assert list(TrainedModel.objects.order_by("pk").values_list("version", flat=True)) == [1, 2]


def test_the_same_key_begins_once(start: Start) -> None:
    first, again = start(request_key="k"), start(request_key="k")
    assert first == again
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"engine": "toy"}, "engine"),
        ({"engine": "nothing"}, "engine"),
        ({"name": "  "}, "name"),
        ({"batch_size": 0}, "parameters.batch_size"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(start: Start, chosen: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        start(**chosen)
    assert list(refused.value.data["errors"]) == [field]


def test_only_frozen_datasets_of_ones_own_are_learnt_from(
    start: Start, artist: Artist, make_user: Callable[..., User]
) -> None:
    draft = services.create_dataset(owner=artist.user, name="Open")
    with pytest.raises(DatasetNotOpen):
        start(dataset_id=draft.pk)
    stranger = Artist.objects.create(user=make_user(), slug="eve", name="Eve")
    theirs = services.create_dataset(owner=stranger.user, name="Theirs")
    with pytest.raises(NotFound):
        start(dataset_id=theirs.pk)


def test_an_artist_trains_so_many_at_once(start: Start) -> None:
    start()
    start()
    with pytest.raises(TooManyTrainings):
        start()


def test_what_a_withdrawn_dataset_taught_is_used_no_more_until_it_is_brought_back(
    start: Start, frozen: Dataset, artist: Artist, make_user: Callable[..., User]
) -> None:
    model = TrainedModel.objects.get(training=run(start(images=8)))
    draft = TrainedModel.objects.get(training=run(start(images=8)))
    services.publish_model(model_id=model.pk, by=artist.user)
    waiting = start()

    services.withdraw_dataset(dataset_id=frozen.pk, owner=artist.user)
    services.withdraw_dataset(dataset_id=frozen.pk, owner=artist.user)
    model.refresh_from_db()
    draft.refresh_from_db()
    assert (model.state, model.state_before, draft.state, draft.state_before) == (
        "withdrawn", "published", "withdrawn", "draft",
    )  # fmt: skip
    assert fresh(waiting).job.state == "cancelled"
    with pytest.raises(DatasetNotOpen):
        start()

    services.restore_dataset(dataset_id=frozen.pk, owner=artist.user)
    model.refresh_from_db()
    draft.refresh_from_db()
    assert (model.state, model.withdrawn_reason, draft.state) == ("published", "", "draft")
