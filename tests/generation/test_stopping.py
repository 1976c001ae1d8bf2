"""How works in the making are stopped: called off, late, dead, or because the worker itself must go."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.utils import timezone
from dramatiq.middleware import Shutdown

from generation import services
from generation.engines import registry
from generation.engines.base import EngineDeclaration
from generation.models import Artwork, Job
from generation.worker import batch, insisting, studios, warden
from generation.worker.running import run_jobs, run_next_batch
from tests.generation.conftest import Gate, told, wakes
from tests.generation.toy import TOY
from tests.generation.watching import eventually, in_background, outcomes

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


@pytest.fixture
def lease_seconds(settings: LazySettings) -> Callable[[int], None]:
    def set_to(seconds: int) -> None:
        settings.ATELIER = settings.ATELIER.model_copy(update={"lease_seconds": seconds})

    return set_to


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the worker think differently of the toy engine."""

    def make(**changes: Any) -> None:
        fields = {name: getattr(TOY, name) for name in TOY.__dataclass_fields__}
        monkeypatch.setitem(registry._ENGINES, "toy", EngineDeclaration(**(fields | changes)))

    return make


def begin(job: Job, gate: Gate) -> Any:
    worker = in_background(lambda: run_next_batch("cpu"))
    gate.wait_for(f"{job.seed}.started")
    return worker


def again(job: Job) -> None:
    """The job's pause is over, and a worker comes by; the others stay where they are."""
    others = Job.objects.filter(state="queued").exclude(pk=job.pk)
    others.update(available_at=timezone.now() + timedelta(hours=1))
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))
    assert run_next_batch("cpu") == [job.pk]
    job.refresh_from_db()


def test_a_running_job_that_is_called_off_stops_and_the_studio_lives_on(
    submit: Submit, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warden, "GRACE_SECONDS", 20.0)  # a busy machine is not a deaf engine
    job = submit(behaviour="wait", gate=str(gate), seed=1)
    worker = begin(job, gate)

    asked = services.cancel_job(job_id=job.pk)
    assert (asked.state, asked.cancel_requested_at is not None) == ("running", True)
    worker.join(timeout=60)

    job.refresh_from_db()
    assert (job.state, job.lease_token) == ("cancelled", None)
    assert outcomes(job) == [("cancelled", "")]
    assert told("job.cancelled") == [str(job.pk)]
    assert any(studio.is_alive for studio in studios._idle)


def test_an_engine_that_does_not_listen_is_killed_when_its_job_is_called_off(submit: Submit, gate: Gate) -> None:
    job = submit(behaviour="deaf", gate=str(gate), seed=1)
    worker = begin(job, gate)

    services.cancel_job(job_id=job.pk)
    worker.join(timeout=60)

    assert not worker.is_alive()
    job.refresh_from_db()
    assert (job.state, outcomes(job)) == ("cancelled", [("cancelled", "")])
    assert not any(studio.is_busy for studio in studios._idle)
    other = submit(seed=2)
    run_next_batch("cpu")
    other.refresh_from_db()
    assert other.state == "succeeded"


def test_one_of_a_batch_is_called_off_and_the_others_are_made(submit: Submit, gate: Gate) -> None:
    unwanted, wanted = (submit(behaviour="wait", gate=str(gate), seed=seed) for seed in (1, 2))
    worker = in_background(lambda: run_next_batch("cpu"))
    gate.wait_for("1.started")

    services.cancel_job(job_id=unwanted.pk)
    eventually(lambda: Job.objects.get(pk=unwanted.pk).state == "cancelled")
    gate.open()
    worker.join(timeout=60)

    wanted.refresh_from_db()
    assert (wanted.state, outcomes(wanted)) == ("succeeded", [("succeeded", "")])
    assert Artwork.objects.count() == 1


def test_a_job_that_takes_too_long_is_killed_and_fails_for_good(
    submit: Submit, gate: Gate, declare: Callable[..., None]
) -> None:
    declare(time_limit=1.0)
    job = submit(behaviour="deaf", gate=str(gate), seed=1)
    run_next_batch("cpu")

    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "time-limit")
    assert job.error_detail == "It took longer than 1 seconds."
    assert outcomes(job) == [("failed", "time-limit")]
    assert job.dead_at is not None


def test_a_batch_that_takes_too_long_is_made_one_by_one(
    submit: Submit, gate: Gate, declare: Callable[..., None]
) -> None:
    declare(time_limit=1.0)
    slow, quick = submit(behaviour="deaf", gate=str(gate), seed=1), submit(seed=2)
    assert run_next_batch("cpu") == [slow.pk, quick.pk]
    assert (outcomes(slow), outcomes(quick)) == ([("retried", "time-limit")], [("retried", "time-limit")])

    again(slow)
    again(quick)

    assert (slow.state, slow.error_code, quick.state) == ("failed", "time-limit", "succeeded")


def test_a_job_that_kills_its_studio_is_tried_alone_and_takes_nobody_along(submit: Submit) -> None:
    deadly, innocent = submit(behaviour="die", seed=1), submit(seed=2)
    assert run_next_batch("cpu") == [deadly.pk, innocent.pk]
    deadly.refresh_from_db()
    assert (deadly.state, outcomes(deadly)) == ("queued", [("retried", "studio-gone")])

    again(innocent)
    again(deadly)
    again(deadly)

    assert innocent.state == "succeeded"
    assert (deadly.state, deadly.error_code, deadly.faults) == ("failed", "studio-gone", 3)
    assert deadly.error_detail == "The process that made this work went away (exit status 9)."


def test_a_studio_that_is_killed_from_outside_costs_one_attempt(submit: Submit, gate: Gate) -> None:
    job = submit(behaviour="wait", gate=str(gate), seed=1)
    with studios.borrowed() as studio:
        pid = studio.pid
    worker = begin(job, gate)
    os.kill(pid, signal.SIGKILL)
    worker.join(timeout=60)
    gate.open()

    again(job)

    assert outcomes(job) == [("retried", "studio-gone"), ("succeeded", "")]


def test_a_worker_whose_lease_was_stolen_finishes_nothing(submit: Submit, gate: Gate) -> None:
    job = submit(behaviour="wait", gate=str(gate), seed=1)
    late = begin(job, gate)
    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    eventually(services.take_back_lapsed)  # a report of progress may hold the row for a moment
    gate.open()
    late.join(timeout=60)

    job.refresh_from_db()
    assert (job.state, job.faults, Artwork.objects.count()) == ("queued", 1, 0)
    assert outcomes(job) == [("lost", "worker-lost")]

    again(job)
    assert (job.state, Artwork.objects.count()) == ("succeeded", 1)
    assert outcomes(job) == [("lost", "worker-lost"), ("succeeded", "")]
    assert told("job.succeeded") == [str(job.pk)]


def test_a_worker_that_learns_it_lost_its_lease_stops_painting(submit: Submit, gate: Gate) -> None:
    job = submit(behaviour="deaf", gate=str(gate), seed=1)
    late = begin(job, gate)

    Job.objects.filter(pk=job.pk).update(lease_token=uuid4())
    late.join(timeout=60)

    assert not late.is_alive()
    job.refresh_from_db()
    assert (job.state, told("job.cancelled")) == ("running", [])


def test_a_lease_is_renewed_while_the_engine_works(
    submit: Submit, gate: Gate, lease_seconds: Callable[[int], None]
) -> None:
    lease_seconds(6)  # its heart beats every two
    job = submit(behaviour="wait", gate=str(gate), seed=1)
    worker = begin(job, gate)
    lapses = Job.objects.get(pk=job.pk).lease_expires_at
    assert lapses is not None

    eventually(Job.objects.filter(pk=job.pk, lease_expires_at__gt=lapses).exists)
    assert services.take_back_lapsed() == 0
    gate.open()
    worker.join(timeout=60)
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("succeeded", 1)


@pytest.mark.parametrize("end", [Shutdown, KeyboardInterrupt])
def test_a_worker_that_must_go_hands_its_job_back(
    submit: Submit, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    job = submit()
    with monkeypatch.context() as ending:
        ending.setattr(batch.Batch, "_hear", lambda batch, messages: (_ for _ in ()).throw(end()))
        if end is Shutdown:
            run_jobs("cpu")
        else:
            with pytest.raises(KeyboardInterrupt):
                run_jobs("cpu")

    job.refresh_from_db()
    assert (job.state, job.faults, outcomes(job)) == ("queued", 0, [("released", "")])
    assert wakes() == [str(job.pk)] * 2
    run_next_batch("cpu")
    job.refresh_from_db()
    assert job.state == "succeeded"


def test_a_worker_that_cannot_tell_the_database_leaves_the_lease_to_lapse(
    submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submit(behaviour="fault")

    def gone(**said: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(insisting, "PATIENCE", 0.0)
    monkeypatch.setattr(batch, "services", SimpleNamespace(**vars(services) | {"fail_job": gone}))
    run_next_batch("cpu")
    job.refresh_from_db()
    assert job.state == "running"

    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert services.take_back_lapsed() == 1


def test_a_job_called_off_while_its_worker_goes_away_is_cancelled(submit: Submit) -> None:
    job = submit()
    (held,) = services.lease_jobs(queue="cpu", worker="w", host="h", device="cpu")
    assert held.lease_token is not None
    services.cancel_job(job_id=job.pk)

    assert services.release_job(job_id=job.pk, token=held.lease_token)
    assert not services.release_job(job_id=job.pk, token=held.lease_token)

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert told("job.cancelled") == [str(job.pk)]
