"""Estimates of the wait, from what was measured."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from generation import selectors, services
from generation.models import Attempt, Job, JobState, Outcome, Priority, Worker
from generation.selectors.run_times import run_times
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


def hire(name: str, *queues: str, silent_for: float = 0.0) -> Worker:
    """A worker that beat so many seconds ago."""
    worker = Worker.objects.create(name=name, host="h", queues=list(queues) or ["cpu"])
    Worker.objects.filter(pk=name).update(beat_at=Now() - timedelta(seconds=silent_for))
    return worker


def has_taken(submit: Submit, *seconds: float, engine: str = "toy", batch: int = 1) -> None:
    """Works of an engine that were made in so many seconds each."""
    for taken in seconds:
        job = submit(engine=engine)
        Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=Now())
        Attempt.objects.create(
            job=job, number=1, worker="w", host="h", device="cpu", batch=batch, outcome=Outcome.SUCCEEDED,
            started_at=Now() - timedelta(seconds=taken), ended_at=Now(),
        )  # fmt: skip
    cache.clear()


def is_running(job: Job, *, since: float, progress: float = 0.0, worker: str = "h:1") -> None:
    """A job that a worker took so many seconds ago."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, lease_token=uuid4(), lease_expires_at=Now() + timedelta(seconds=30), worker=worker,
        started_at=Now() - timedelta(seconds=since), progress=progress,
    )  # fmt: skip
    job.refresh_from_db()


def wait_of(job: Job) -> tuple[int, float | None, float | None]:
    """Place, seconds until it begins, seconds until it is there; rounded, since moments pass."""
    wait = selectors.estimate_wait(job)
    assert wait is not None
    return (
        wait.position,
        None if wait.seconds is None else round(wait.seconds),
        None if wait.ready_in is None else round(wait.ready_in),
    )


def test_a_job_waits_for_those_before_it_shared_among_the_workers(submit: Submit) -> None:
    has_taken(submit, 8.0, 10.0, 60.0)
    jobs = [submit() for _ in range(5)]
    hire("h:1")
    assert [wait_of(job) for job in jobs] == [(n, 10 * n, 10 * n + 10) for n in range(5)]
    hire("h:2")
    assert wait_of(jobs[4]) == (4, 20, 30)


def test_the_line_is_that_in_which_workers_take_jobs(submit: Submit, make_user: Callable[..., User]) -> None:
    has_taken(submit, 10.0)
    hire("h:1")
    mine = [submit() for _ in range(3)]
    theirs = submit(make_user())
    paid = submit(priority=Priority.COMMISSION)
    taken = [paid, mine[0], theirs, mine[1], mine[2]]
    waits = selectors.estimate_waits(taken)
    assert [waits[job.pk].position for job in taken] == [0, 1, 2, 3, 4]
    assert list(Job.objects.waiting("cpu")) == taken
    assert {job.pk: selectors.estimate_wait(job) for job in taken} == waits


def test_each_engine_counts_with_its_own_time_and_a_new_one_with_its_queues(submit: Submit) -> None:
    has_taken(submit, 10.0, 10.0, 10.0)
    has_taken(submit, 1.0, engine="noop")
    hire("h:1")
    submit()
    submit(engine="noop")
    new = submit()
    Job.objects.filter(pk=new.pk).update(engine="brand-new")
    last = submit()
    assert wait_of(last) == (3, 21, 31)


def test_works_made_together_cost_a_worker_less_than_they_last(submit: Submit) -> None:
    has_taken(submit, 8.0, 8.0, 8.0, 8.0, batch=4)
    hire("h:1")
    jobs = [submit() for _ in range(5)]
    assert wait_of(jobs[4]) == (4, 8, 16)


def test_nobody_at_work_means_that_nobody_can_tell(submit: Submit) -> None:
    has_taken(submit, 10.0)
    hire("h:1", "gpu")
    hire("h:2", "cpu", silent_for=60)
    job = submit()
    wait = selectors.estimate_wait(job)
    assert wait == selectors.Wait(position=0, seconds=None, ready_in=None, workers=0)


def test_nothing_measured_means_that_nobody_can_tell(submit: Submit) -> None:
    hire("h:1")
    submit()
    wait = selectors.estimate_wait(submit())
    assert wait == selectors.Wait(position=1, seconds=None, ready_in=None, workers=1)


def test_what_is_left_of_running_works_counts_too(submit: Submit) -> None:
    has_taken(submit, 10.0)
    hire("h:1")
    running, waiting = submit(), submit()
    is_running(running, since=4)
    assert (wait_of(running), wait_of(waiting)) == ((0, 0, 6), (0, 6, 16))
    is_running(running, since=30, progress=0.75)  # slower than usual, and it says so itself
    assert (wait_of(running), wait_of(waiting)) == ((0, 0, 10), (0, 10, 20))
    hire("h:2")  # somebody is free at once
    assert wait_of(waiting) == (0, 0, 10)


def test_a_worker_of_two_queues_gives_each_its_share(submit: Submit) -> None:
    has_taken(submit, 10.0)
    hire("h:1", "cpu", "gpu")
    submit()
    last = submit()
    assert wait_of(last) == (1, 10, 20)
    other = submit()
    Job.objects.filter(pk=other.pk).update(queue="gpu")
    assert wait_of(last) == (1, 20, 30)


def test_a_job_that_pauses_after_a_fault_waits_at_least_for_that(submit: Submit) -> None:
    has_taken(submit, 10.0)
    hire("h:1")
    job, behind = submit(), submit()
    Job.objects.filter(pk=job.pk).update(available_at=Now() + timedelta(seconds=40), faults=1)
    job.refresh_from_db()
    assert (wait_of(job), wait_of(behind)) == ((0, 40, 50), (0, 0, 10))


def test_what_is_over_has_no_wait(submit: Submit) -> None:
    job = submit()
    services.cancel_job(job_id=job.pk)
    job.refresh_from_db()
    assert selectors.estimate_wait(job) is None


def test_an_engine_that_did_not_run_lately_keeps_its_last_time(submit: Submit) -> None:
    has_taken(submit, 10.0)
    assert run_times().engines["toy"].cost == pytest.approx(10, abs=0.1)
    Attempt.objects.all().delete()
    cache.delete("run-times-are-fresh")
    assert run_times().engines["toy"].cost == pytest.approx(10, abs=0.1)


def test_many_estimates_cost_as_many_queries_as_one(submit: Submit) -> None:
    has_taken(submit, 10.0)
    hire("h:1")
    jobs = [submit() for _ in range(12)]
    run_times()
    with CaptureQueriesContext(connection) as one:
        selectors.estimate_wait(jobs[0])
    with CaptureQueriesContext(connection) as many:
        selectors.estimate_waits(jobs)
    assert len(one) == len(many) <= 4


def test_the_estimate_holds_against_real_runs(submit: Submit) -> None:
    """By the attempts as they were written down: what the last of ten was told, against what it then took."""
    made(*(submit(seconds=0.2, size=8) for _ in range(6)))
    measured = [took / attempt.batch for attempt, took in ended().items()]
    hire("h:1")
    jobs = [submit(seconds=0.2, size=8 + n) for n in range(10)]
    told = selectors.estimate_waits(jobs)[jobs[-1].pk]
    assert told.position == 9
    assert told.seconds is not None
    assert told.seconds == pytest.approx(9 * median(measured), abs=0.06)  # it is told to a tenth
    made(*jobs)
    took = sum(took for attempt, took in ended().items() if attempt.job in jobs[:9])
    print(f"told {told.seconds:.2f} s, took {took:.2f} s")
    assert took / 4 < told.seconds < took * 4  # each worked for 0.2 seconds of whatever it took beside


def made(*jobs: Job) -> None:
    while run_next_batch("cpu"):
        cache.clear()
    assert not Job.objects.filter(pk__in=[job.pk for job in jobs]).exclude(state=JobState.SUCCEEDED).exists()


def ended() -> dict[Attempt, float]:
    """Every attempt, and how long it took."""
    attempts = Attempt.objects.annotate(took=F("ended_at") - F("started_at")).select_related("job")
    return {attempt: attempt.took.total_seconds() for attempt in attempts}
