"""Checkpoints in the object store: kept as long as they are needed, and used only when they are whole."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from generation import services
from generation.models import TrainedModel
from generation.worker import insisting, training
from marketplace.accounts.models import Artist
from marketplace.core import storage
from marketplace.core.storage import Bucket, StorageUnavailable
from tests.generation.conftest import Gate
from tests.generation.learning.training_runs import Start, begin, fresh, keys, run
from tests.generation.watching import outcomes

pytestmark = pytest.mark.django_db(transaction=True)


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
    worker.join(timeout=60)
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
