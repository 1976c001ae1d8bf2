"""What the operations page is told: counted, measured, and bounded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from generation import services
from generation.models import Attempt, Job, Outcome, Priority, Worker
from generation.selectors import operations
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_measured(db: None) -> None:
    cache.clear()


def beat(name: str, *queues: str) -> None:
    said = {"host": "h", "device": "cpu", "engines": [], "samples": []}
    services.note_worker(name=name, queues=list(queues), **said)


def ended(
    job: Job, outcome: Outcome, *, seconds: float = 4.0, batch: int = 1, ago: float = 1.0, number: int = 1
) -> None:
    end = Now() - timedelta(seconds=ago)
    Attempt.objects.create(
        job=job, number=number, worker="h:1", host="h", device="cpu", batch=batch, outcome=outcome,
        started_at=end - timedelta(seconds=seconds), ended_at=end,
    )  # fmt: skip


def test_a_queue_is_empty_after_its_work_divided_among_those_who_are_there(submit: Callable[..., Job]) -> None:
    first, *_ = [submit() for _ in range(5)]
    submit(priority=Priority.COMMISSION)
    ended(first, Outcome.SUCCEEDED, seconds=8.0, batch=2)
    ended(first, Outcome.FAILED, number=2)
    ended(first, Outcome.RETRIED, number=3)
    ended(first, Outcome.RELEASED, number=4)
    ended(first, Outcome.SUCCEEDED, ago=400, number=5, batch=2, seconds=8.0)
    beat("h:1", "cpu", "gpu")
    beat("h:2", "cpu")
    beat("h:3", "cpu")
    beat("h:4", "io")
    Worker.objects.filter(name="h:3").update(beat_at=Now() - timedelta(seconds=30))

    states = {state.name: state for state in operations.queue_states()}

    assert set(states) == {"cpu", "gpu"}
    cpu = states["cpu"]
    assert (cpu.waiting, cpu.running, cpu.workers, cpu.finished, cpu.failed) == (6, 0, 2, 1, 2)
    assert cpu.by_priority == [("Paid commission", 1), ("Ordinary", 5)]
    assert cpu.seconds == 4.0
    assert cpu.drains_in == 6 * 4.0 / 2
    assert cpu.oldest == Job.objects.earliest("available_at").available_at
    assert states["gpu"].drains_in == 0.0


def test_nobody_pretends_to_know_when_nothing_was_measured_or_nobody_works(submit: Callable[..., Job]) -> None:
    job = submit()
    beat("h:1", "cpu")
    assert [state.drains_in for state in operations.queue_states()] == [None]
    ended(job, Outcome.SUCCEEDED)
    cache.clear()
    assert [state.drains_in for state in operations.queue_states()] == [4.0]
    services.forget_worker(name="h:1")
    assert [state.drains_in for state in operations.queue_states()] == [None]


def test_more_endings_than_are_counted_are_said_to_be_more(
    submit: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submit()
    for number in range(1, 4):
        ended(job, Outcome.SUCCEEDED, number=number)
    assert [(state.finished, state.is_more) for state in operations.queue_states()] == [(3, False)]
    monkeypatch.setattr(operations, "MOST_COUNTED", 2)
    assert [(state.finished, state.is_more) for state in operations.queue_states()] == [(2, True)]


def test_workers_say_what_they_make_and_those_that_fell_silent_are_marked(submit: Callable[..., Job]) -> None:
    beat("h:1", "io")
    beat("h:2", "cpu")
    beat("h:3", "cpu")
    Worker.objects.filter(name="h:3").update(beat_at=Now() - timedelta(seconds=30))
    submit(), submit()
    services.lease_jobs(queue="cpu", worker="h:2", host="h", device="cpu")

    told = [(state.worker.name, state.making, state.is_silent) for state in operations.worker_states()]

    assert told == [("h:2", [("toy", 2)], False), ("h:3", [], True), ("h:1", [], False)]
    assert operations.worker_states()[0].memory_share is None


def test_a_picture_is_shown_of_a_work_in_the_making_and_none_of_one_made_again(
    submit: Callable[..., Job], make_artwork: Callable[..., object]
) -> None:
    artwork = make_artwork()
    work, check = submit(seed=1), submit(seed=2)
    Job.objects.filter(pk=check.pk).update(purpose="check", subject=artwork)
    services.lease_jobs(queue="cpu", worker="h:1", host="h", device="cpu")
    Job.objects.filter(pk__in=[work.pk, check.pk]).update(preview_key="stages/ab/cd/x.webp")

    shown = {entry.job.pk: entry for entry in operations.running_jobs()}

    assert shown[work.pk].preview_url.endswith("stages/ab/cd/x.webp")
    assert shown[check.pk].preview_url == ""
    assert [shown[pk].together for pk in (work.pk, check.pk)] == [2, 2]


def test_the_last_failures_come_first_and_are_sought_no_further_than_a_bound(
    submit: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submit()
    for number, outcome in enumerate([Outcome.LOST, Outcome.SUCCEEDED, Outcome.RETRIED, Outcome.CANCELLED], 1):
        ended(job, outcome, number=number, ago=10.0 - number)
    assert [attempt.outcome for attempt in operations.last_failures()] == ["retried", "lost"]
    monkeypatch.setattr(operations, "MOST_SEARCHED", 3)
    assert [attempt.outcome for attempt in operations.last_failures()] == ["retried"]


def test_events_that_were_told_in_vain_are_shown_until_they_are_told(user: User) -> None:
    told = OutboxEvent(topic="job.failed", subject_id="1", last_error="KeyError: 1", done_at=Now())
    OutboxEvent.objects.bulk_create([
        told,
        OutboxEvent(topic="job.failed", subject_id="2", last_error="KeyError: 2"),
        OutboxEvent(topic="job.failed", subject_id="3"),
    ])  # fmt: skip
    assert [event.subject_id for event in operations.failing_events()] == ["2"]


def test_a_dead_letter_is_run_again_and_is_none_any_more(submit: Callable[..., Job]) -> None:
    job = submit(behaviour="fault")
    run_next_batch("cpu")
    Job.objects.filter(pk=job.pk).update(dead_at=Now(), faults=F("faults") + 3)
    assert operations.dead_letters() == 1
    services.requeue_job(job_id=job.pk)
    assert operations.dead_letters() == 0


def test_the_number_of_questions_does_not_grow_with_the_jobs(submit: Callable[..., Job]) -> None:
    def questions() -> int:
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            for ask in (
                operations.queue_states, operations.worker_states, operations.running_jobs, operations.last_failures,
                operations.failing_events, operations.dead_letters,
            ):  # fmt: skip
                ask()
        return len(asked)

    job = submit()
    ended(job, Outcome.FAILED, number=9)
    services.lease_jobs(queue="cpu", worker="h:1", host="h", device="cpu")
    few = questions()
    for number in range(4):
        ended(submit(seed=number), Outcome.FAILED, number=9)
        beat(f"h:{number}", "cpu")
    services.lease_jobs(queue="cpu", worker="h:2", host="h", device="cpu")
    assert questions() == few
