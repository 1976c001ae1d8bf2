"""A training as a job: from a frozen dataset to a model, through everything that stops it on the way."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from generation import services
from generation.errors import DatasetNotOpen, TooManyTrainings, TrainingNotResumable
from generation.models import Dataset, Job, Priority, TrainedModel, Training
from generation.worker import batch, insisting, training
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.storage import Bucket, StorageUnavailable
from tests.generation.conftest import Gate, told
from tests.generation.learning.conftest import SMALL
from tests.generation.watching import eventually, in_background, outcomes

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Training]


@pytest.fixture(autouse=True)
def checkpoint_seconds(settings: LazySettings) -> Callable[[float], None]:
    """How often a training leaves a checkpoint: after each step, unless a test says otherwise."""

    def set_to(seconds: float) -> None:
        settings.ATELIER = settings.ATELIER.model_copy(update={"checkpoint_seconds": seconds})

    set_to(0.0)
    return set_to


@pytest.fixture
def start(frozen: Dataset, artist: Artist) -> Start:
    """Begin a training of the toy way to learn."""

    def make(**chosen: Any) -> Training:
        named = {"engine": chosen.pop("engine", "train-toy"), "name": chosen.pop("name", "Colour"), "seed": 3}
        key = {"request_key": chosen.pop("request_key", None)}
        dataset = chosen.pop("dataset_id", frozen.pk)
        return services.start_training(
            owner=artist.user, dataset_id=dataset, parameters=SMALL | chosen, **named, **key
        )  # fmt: skip

    return make


def run(begun: Training) -> Training:
    """A worker comes by, now."""
    Job.objects.filter(pk=begun.job_id).update(available_at=timezone.now() - timedelta(seconds=1))
    assert run_next_batch("cpu") == [begun.job_id]
    return fresh(begun)


def fresh(begun: Training) -> Training:
    return Training.objects.select_related("job").get(pk=begun.pk)


def begin(begun: Training, gate: Gate) -> Any:
    """A worker is at it, and has come to where something happens."""
    worker = in_background(lambda: run_next_batch("cpu"))
    gate.wait_for("slow.started")
    eventually(lambda: fresh(begun).checkpoint_key)
    return worker


@pytest.fixture
def undisturbed(start: Start) -> str:
    """The hash of the model that a training comes to when nothing happens."""
    run(begun := start(name="Undisturbed"))
    return str(TrainedModel.objects.get(training=begun).model_hash)


def keys(prefix: str) -> set[str]:
    return {item.key for item in storage.list_objects(Bucket.PRIVATE, f"{prefix}/")}


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


def test_a_killed_studio_costs_nothing(start: Start, gate: Gate, undisturbed: str) -> None:
    begun = start(behaviour="slow", at=48, gate=str(gate))
    worker = begin(begun, gate)
    os.kill(int((gate.folder / "slow.started").read_text()), signal.SIGKILL)
    worker.join(timeout=30)
    gate.open()
    stopped = fresh(begun)
    assert (stopped.job.state, outcomes(stopped.job)) == ("queued", [("retried", "studio-gone")])
    assert 0 < stopped.images < 160

    done = run(begun)

    assert outcomes(done.job) == [("retried", "studio-gone"), ("succeeded", "")]
    assert TrainedModel.objects.get(training=done).model_hash == undisturbed
    assert [point["images"] for point in done.curve] == [40.0, 80.0, 120.0, 160.0]


def test_a_worker_that_lost_its_lease_finishes_nothing_and_another_goes_on(
    start: Start, gate: Gate, undisturbed: str
) -> None:
    begun = start(behaviour="slow", at=48, gate=str(gate))
    late = begin(begun, gate)
    Job.objects.filter(pk=begun.job_id).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    eventually(services.take_back_lapsed)
    gate.open()
    late.join(timeout=30)
    assert outcomes(fresh(begun).job) == [("lost", "worker-lost")]
    assert not TrainedModel.objects.filter(training=begun).exists()

    done = run(begun)

    assert (done.job.state, TrainedModel.objects.get(training=done).model_hash) == ("succeeded", undisturbed)
    assert told("job.succeeded").count(str(done.job_id)) == 1


def test_a_training_that_is_stopped_leaves_a_checkpoint_to_go_on_from(
    start: Start, gate: Gate, artist: Artist, undisturbed: str, checkpoint_seconds: Callable[[float], None]
) -> None:
    checkpoint_seconds(3600.0)  # the checkpoint is the stop's own
    begun = start(behaviour="slow", at=48, gate=str(gate))
    worker = in_background(lambda: run_next_batch("cpu"))
    gate.wait_for("slow.started")
    services.stop_training(training_id=begun.pk, owner=artist.user)
    worker.join(timeout=30)
    gate.open()
    stopped = fresh(begun)
    assert (stopped.job.state, outcomes(stopped.job)) == ("cancelled", [("cancelled", "")])
    assert 48 <= stopped.images < 160
    assert stopped.is_resumable

    again = services.resume_training(training_id=stopped.pk, owner=artist.user)
    assert services.resume_training(training_id=stopped.pk, owner=artist.user) == again
    assert (again.images, again.resumes, again.name) == (stopped.images, stopped, "Colour")
    done = run(again)

    assert (done.job.state, done.images) == ("succeeded", 160)
    assert TrainedModel.objects.get(training=done).model_hash == undisturbed


def test_what_runs_has_ended_or_left_nothing_is_not_resumed(start: Start, artist: Artist) -> None:
    begun = start(images=8)

    def resume() -> None:
        services.resume_training(training_id=begun.pk, owner=artist.user)

    with pytest.raises(TrainingNotResumable):
        resume()
    run(begun)
    with pytest.raises(TrainingNotResumable):
        resume()
    begun = start(images=8)
    services.stop_training(training_id=begun.pk, owner=artist.user)
    with pytest.raises(TrainingNotResumable):
        resume()


def test_a_training_makes_way_for_what_is_urgent_and_goes_on_later(
    start: Start, gate: Gate, undisturbed: str, submit: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LOOK_SECONDS", 0.0)
    begun = start(behaviour="slow", at=48, gate=str(gate))
    worker = begin(begun, gate)
    urgent = submit(seed=1, priority=Priority.COMMISSION)
    longer = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=urgent.pk).update(created_at=longer, available_at=longer)
    worker.join(timeout=30)
    gate.open()
    assert (fresh(begun).job.state, outcomes(begun.job)) == ("queued", [("released", "")])

    assert run_next_batch("cpu") == [urgent.pk]
    done = run(begun)

    assert (done.job.state, done.job.faults, outcomes(done.job)) == (
        "succeeded",
        0,
        [("released", ""), ("succeeded", "")],
    )
    assert TrainedModel.objects.get(training=done).model_hash == undisturbed


def test_a_training_does_not_make_way_for_what_could_not_run_anyway(
    start: Start, gate: Gate, submit: Callable[..., Job], monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"engine_concurrency": {"toy": 0}})
    monkeypatch.setattr(batch, "LOOK_SECONDS", 0.0)
    begun = start(behaviour="slow", at=48, gate=str(gate))
    worker = begin(begun, gate)
    held_back = submit(seed=1, priority=Priority.COMMISSION)
    Job.objects.filter(pk=held_back.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    gate.open()
    worker.join(timeout=60)

    assert outcomes(begun.job) == [("succeeded", "")]


def test_a_training_that_diverges_says_so_and_is_not_resumed(start: Start, gate: Gate, artist: Artist) -> None:
    done = run(start(behaviour="diverge", at=48, gate=str(gate)))

    assert (done.job.state, done.job.error_code) == ("failed", "training-diverged")
    assert done.job.error_detail == "The loss of the toy is no number any more."
    assert done.checkpoint_key
    assert not done.is_resumable
    with pytest.raises(TrainingNotResumable):
        services.resume_training(training_id=done.pk, owner=artist.user)


def test_a_training_too_large_for_the_device_says_what_can_be_done(start: Start, gate: Gate) -> None:
    begun = start(behaviour="out-of-memory", gate=str(gate))
    for _ in range(3):
        done = run(begun)

    assert (done.job.state, done.job.error_code, done.job.faults) == ("failed", "out-of-memory", 3)
    assert "choose a smaller batch size" in done.job.error_detail


def test_a_fault_long_ago_is_forgiven_where_the_training_came_on(start: Start, gate: Gate) -> None:
    begun = start(behaviour="die-once", at=48, gate=str(gate))
    Job.objects.filter(pk=begun.job_id).update(faults=2)

    stopped = run(begun)
    assert (stopped.job.state, stopped.job.faults) == ("queued", 1)
    assert run(begun).job.state == "succeeded"


def test_a_training_that_dies_at_one_place_again_and_again_is_given_up(start: Start, gate: Gate) -> None:
    begun = start(behaviour="die", at=48, gate=str(gate))
    for _ in range(3):
        done = run(begun)

    assert (done.job.state, done.job.error_code, done.images) == ("failed", "studio-gone", 48)
    assert outcomes(done.job) == [("retried", "studio-gone")] * 2 + [("retried", "studio-gone")]


def test_a_store_that_is_away_at_a_checkpoint_does_not_stop_the_training(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []

    def away_at_first(**given: Any) -> str:
        if given["prefix"] == "checkpoints":
            calls.append(given)
            if len(calls) == 1:
                raise StorageUnavailable("gone")
        return services.store_file(**given)

    monkeypatch.setattr(insisting, "PATIENCE", 0.0)
    monkeypatch.setattr(training, "services", SimpleNamespace(**vars(services) | {"store_file": away_at_first}))
    done = run(start())

    assert (done.job.state, outcomes(done.job), len(calls) > 1) == ("succeeded", [("succeeded", "")], True)


def test_a_store_that_is_away_at_the_end_costs_an_attempt_and_not_the_training(
    start: Start, undisturbed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = start()
    with monkeypatch.context() as outage:
        outage.setattr(insisting, "PATIENCE", 0.0)
        outage.setattr(training, "_signed", lambda *given: (_ for _ in ()).throw(StorageUnavailable("gone")))
        stopped = run(begun)
    assert (stopped.job.state, stopped.images, outcomes(stopped.job)) == (
        "queued",
        160,
        [("retried", "storage-unavailable")],
    )

    done = run(begun)
    assert TrainedModel.objects.get(training=done).model_hash == undisturbed


def test_a_checkpoint_that_is_not_what_was_put_there_is_not_used(start: Start, gate: Gate) -> None:
    begun = start(behaviour="die", at=48, gate=str(gate))
    stopped = run(begun)
    storage.put(Bucket.PRIVATE, stopped.checkpoint_key, b"other bytes", media_type="application/octet-stream")

    done = run(begun)
    assert (done.job.state, done.job.error_code) == ("failed", "object-missing")


def test_of_checkpoints_only_the_one_that_is_needed_is_kept(start: Start, gate: Gate, artist: Artist) -> None:
    before = keys("checkpoints")
    begun = start(behaviour="slow", at=48, gate=str(gate))
    worker = begin(begun, gate)
    services.stop_training(training_id=begun.pk, owner=artist.user)
    worker.join(timeout=30)
    gate.open()
    stopped = fresh(begun)
    assert keys("checkpoints") - before == {stopped.checkpoint_key}

    again = services.resume_training(training_id=stopped.pk, owner=artist.user)
    assert fresh(stopped).checkpoint_key == ""
    done = run(again)

    assert (done.job.state, keys("checkpoints")) == ("succeeded", before)


def test_the_sweeper_knows_what_trainings_and_models_need(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    model = TrainedModel.objects.get(training=run(start()))
    weights = storage.content_key("weights", model.model_hash, "safetensors")
    needed = {weights, model.samples_key, model.training.logs_key}
    strays = {
        services.store_file(bucket=Bucket.PRIVATE, prefix=prefix, data=b"stray", extension="x", media_type="text/plain")
        for prefix in ("checkpoints", "samples", "logs", "weights")
    }
    monkeypatch.setattr("generation.services.files.YOUNG", timedelta(seconds=-5))

    services.remove_orphans()

    left = keys("checkpoints") | keys("samples") | keys("logs") | keys("weights")
    assert left >= needed
    assert not left & strays


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
