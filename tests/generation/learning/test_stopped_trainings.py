"""What stops a training on its way, and how it goes on: the model is the one that it would have been."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from generation import selectors, services
from generation.errors import TrainingNotResumable
from generation.models import Job, Priority, TrainedModel
from generation.worker import batch, meters
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist
from tests.generation.conftest import Gate, told
from tests.generation.learning.training_runs import Start, begin, fresh, run
from tests.generation.watching import eventually, in_background, outcomes

pytestmark = pytest.mark.django_db(transaction=True)


def ended_by() -> Counter[str]:
    """How many trainings this process's own meters saw end, by how."""
    (ends,) = (family for family in meters.snapshot() if family["name"] == "atelier_job_run_seconds")
    counts = [sample for sample in ends["samples"] if sample[0].endswith("_count")]
    return Counter({told["outcome"]: int(value) for _, told, value in counts if told["engine"] == "train-toy"})


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
    counted = ended_by()
    begun = start(behaviour="slow", at=48, gate=str(gate))
    worker = begin(begun, gate)
    urgent = submit(seed=1, priority=Priority.COMMISSION)
    longer = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=urgent.pk).update(created_at=longer, available_at=longer)
    worker.join(timeout=30)
    gate.open()
    assert (fresh(begun).job.state, outcomes(begun.job)) == ("queued", [("made_way", "")])
    assert ended_by() - counted == {"made_way": 1}

    assert run_next_batch("cpu") == [urgent.pk]
    done = run(begun)

    assert (done.job.state, done.job.faults, outcomes(done.job)) == (
        "succeeded",
        0,
        [("made_way", ""), ("succeeded", "")],
    )
    assert TrainedModel.objects.get(training=done).model_hash == undisturbed


def test_a_training_called_off_as_it_makes_way_is_over(
    start: Start, gate: Gate, artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LOOK_SECONDS", 0.0)
    stop = services.stop_job

    def called_off_meanwhile(**given: Any) -> Job:
        services.stop_training(training_id=begun.pk, owner=artist.user)
        return stop(**given)

    monkeypatch.setattr(services, "stop_job", called_off_meanwhile)
    counted = ended_by()
    begun = start(behaviour="slow", at=48, gate=str(gate))
    worker = begin(begun, gate)
    monkeypatch.setattr(selectors, "is_overtaken", lambda job, worker: True)
    worker.join(timeout=30)
    gate.open()

    assert (fresh(begun).job.state, outcomes(begun.job)) == ("cancelled", [("cancelled", "")])
    assert ended_by() - counted == {"cancelled": 1}


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
    # The last checkpoint before that place may be lost once with the process, and the next run then comes on.
    for _ in range(4):
        done = run(begun)
        if done.job.state == "failed":
            break

    assert (done.job.state, done.job.error_code, done.images) == ("failed", "studio-gone", 48)
    assert set(outcomes(done.job)) == {("retried", "studio-gone")}
    assert done.job.faults == 3
