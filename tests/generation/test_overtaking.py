"""Trainings make way for what is more urgent, wherever their worker could make it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from generation import selectors, services
from generation.models import Job, Priority, Purpose, Worker
from marketplace.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]
WORKER = "h:1"


@pytest.fixture
def train(submit: Submit, make_user: Callable[..., User]) -> Submit:
    """A training that waits in the queue for GPUs."""

    def make(**more: object) -> Job:
        job = submit(make_user(), priority=Priority.TRAINING, **more)
        Job.objects.filter(pk=job.pk).update(purpose=Purpose.TRAIN, queue="gpu", batch_key="")
        return job

    return make


def hire(*queues: str) -> None:
    Worker.objects.create(name=WORKER, host="h", queues=list(queues))


def begin(queue: str = "gpu", worker: str = WORKER) -> list[Job]:
    return services.lease_jobs(queue=queue, worker=worker, host="h", device="cpu")


def has_waited(job: Job, seconds: float) -> None:
    earlier = Now() - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(created_at=earlier, available_at=earlier)


def makes_way(job: Job, worker: str = WORKER) -> bool:
    return selectors.is_overtaken(job, worker=worker)


def test_a_training_makes_way_for_work_in_another_queue_of_its_worker(submit: Submit, train: Submit) -> None:
    hire("cpu", "gpu")
    train()
    [training] = begin()
    urgent = submit()
    assert not makes_way(training)  # another worker may take it any moment
    has_waited(urgent, 4)
    assert makes_way(training)


def test_a_training_goes_on_while_others_wait_for_what_its_worker_does_not_do(submit: Submit, train: Submit) -> None:
    hire("gpu")
    train()
    [training] = begin()
    has_waited(submit(), 4)
    assert not makes_way(training)


def test_no_training_is_begun_before_work_that_its_worker_could_do(submit: Submit, train: Submit) -> None:
    hire("cpu", "gpu")
    training, urgent = train(), submit()
    has_waited(urgent, 4)
    assert begin() == []
    assert begin("cpu") == [urgent]
    assert begin() == [training]


def test_of_several_trainings_the_last_begun_makes_way_first(submit: Submit, train: Submit) -> None:
    hire("cpu", "gpu")
    train(), train()
    [first], [last] = begin(), begin()
    urgent = submit()
    has_waited(urgent, 4)
    assert (makes_way(first), makes_way(last)) == (False, True)
    has_waited(urgent, 14)
    assert (makes_way(first), makes_way(last)) == (True, True)


def test_a_training_does_not_make_way_for_what_may_not_run_yet(
    submit: Submit, train: Submit, limited: Callable[..., None]
) -> None:
    hire("cpu", "gpu")
    submit(), train()
    [running], [training] = begin("cpu"), begin()
    held_back = submit()
    has_waited(held_back, 4)
    limited(user_concurrency=1)
    assert held_back.owner_id == running.owner_id
    assert not makes_way(training)


def test_ones_own_training_does_not_hold_ones_works_back(
    submit: Submit, train: Submit, limited: Callable[..., None]
) -> None:
    hire("cpu", "gpu")
    train()
    [training] = begin()
    has_waited(submit(training.owner), 4)
    limited(user_concurrency=1)
    assert makes_way(training)
