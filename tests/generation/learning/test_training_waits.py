"""How long trainings take, and how long they keep others waiting."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db.models.functions import Now

from generation import selectors
from generation.models import Attempt, Dataset, Job, JobState, Outcome, Priority, Purpose, Training, Worker
from generation.selectors import operations
from generation.selectors.run_times import run_times

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


@pytest.fixture
def train(submit: Submit, dataset: Dataset) -> Callable[..., Job]:
    """A training of an hour that waits in the queue for GPUs, so many seconds of it done."""

    def make(*, minutes: float = 60, seconds: float = 0.0) -> Job:
        job = submit(priority=Priority.TRAINING)
        Job.objects.filter(pk=job.pk).update(
            purpose=Purpose.TRAIN, queue="gpu", engine="train-gan", batch_key="", parameters={"minutes": minutes}
        )
        job.refresh_from_db()
        Training.objects.create(artist=dataset.artist, dataset=dataset, job=job, name="Patterns", seconds=seconds)
        return job

    return make


@pytest.fixture(autouse=True)
def worker() -> None:
    """One that works for both queues, and toys that take ten seconds."""
    Worker.objects.create(name="h:1", host="h", queues=["cpu", "gpu"])


def took(job: Job, seconds: float) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=Now())
    Attempt.objects.create(
        job=job, number=1, worker="w", host="h", device="cpu", outcome=Outcome.SUCCEEDED,
        started_at=Now() - timedelta(seconds=seconds), ended_at=Now(),
    )  # fmt: skip
    cache.clear()


def is_running(job: Job, *, since: float, progress: float) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, lease_token=uuid4(), lease_expires_at=Now() + timedelta(seconds=30), worker="h:1",
        started_at=Now() - timedelta(seconds=since), progress=progress,
    )  # fmt: skip
    job.refresh_from_db()


def wait_of(job: Job) -> tuple[float | None, float | None]:
    wait = selectors.estimate_wait(job)
    assert wait is not None
    return wait.seconds, wait.ready_in


def about(*seconds: float) -> object:
    """Moments pass while the test looks."""
    return pytest.approx(seconds, abs=60)


def test_a_training_that_runs_keeps_nobody_else_waiting(submit: Submit, train: Callable[..., Job]) -> None:
    took(submit(), 10.0)
    is_running(train(), since=600.0, progress=0.2)
    assert wait_of(submit()) == (5.0, 15.0)


def test_the_next_training_waits_for_what_is_left_of_the_present_one(train: Callable[..., Job]) -> None:
    present, following, last = train(), train(minutes=30, seconds=600.0), train(minutes=1)
    is_running(present, since=720.0, progress=0.2)
    assert wait_of(present) == about(0, 2880)
    assert wait_of(following) == about(2880, 4080)
    assert wait_of(last) == about(4080, 4140)
    both = selectors.estimate_waits([following, last])
    assert (both[following.pk].seconds, both[last.pk].seconds) == about(2880, 4080)


def test_what_a_training_did_before_it_was_put_off_counts(train: Callable[..., Job]) -> None:
    job = train(seconds=1800.0)
    is_running(job, since=2.0, progress=0.5)
    assert wait_of(job) == about(0, 1800)


def test_a_training_that_just_began_takes_what_it_was_given(train: Callable[..., Job]) -> None:
    job = train()
    is_running(job, since=10.0, progress=0.0)
    assert wait_of(job) == about(0, 3590)


def test_what_trainings_took_says_nothing_about_works(submit: Submit, train: Callable[..., Job]) -> None:
    took(train(), 7200.0)
    assert (run_times().engines, run_times().queues) == ({}, {})


def test_the_operations_page_counts_trainings_by_what_is_left_of_them(
    submit: Submit, train: Callable[..., Job]
) -> None:
    took(train(), 7200.0)
    train(minutes=30, seconds=600.0)
    [gpu] = [queue for queue in operations.queue_states() if queue.name == "gpu"]
    assert (gpu.waiting, gpu.drains_in, gpu.seconds) == (1, 1200.0, None)


def test_a_training_that_waits_for_hours_hides_no_work_that_waits(submit: Submit, train: Callable[..., Job]) -> None:
    training, work = train(), submit()
    Job.objects.filter(pk=training.pk).update(available_at=Now() - timedelta(hours=5))
    Job.objects.filter(pk=work.pk).update(queue="gpu")
    work.refresh_from_db()
    [gpu] = [queue for queue in operations.queue_states() if queue.name == "gpu"]
    assert gpu.oldest == work.available_at
