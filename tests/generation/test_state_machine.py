"""No sequence of events brings a job into a state it must not be in: the services against a model of them."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from generation import services
from generation.errors import LeaseLost, NotCancellable, NotRequeueable
from generation.models import Artwork, Attempt, FileRole, Job, JobState, Outcome, Priority
from generation.services import Finished, StoredFile
from generation.services.endings import MOST_FAULTS
from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from marketplace.core.storage import Bucket

_numbers = count(1)
PAST = timedelta(seconds=1)


@dataclass
class Known:
    """What the model knows of a job."""

    state: str = JobState.QUEUED
    cancel_asked: bool = False
    endings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lease:
    """What a worker holds, or believes to hold."""

    token: UUID
    jobs: tuple[UUID, ...]


def finished(job_id: UUID) -> Finished:
    """A work without its files in the store: the rows are what is looked at here."""
    file = StoredFile(
        role=FileRole.ORIGINAL, format="png", width=8, height=8, size=1, sha256="0" * 64, bucket=Bucket.PRIVATE,
        key=f"artworks/{job_id}",
    )  # fmt: skip
    return Finished(
        engine_version="7", width=8, height=8, medium="image", model_hash="", pixels_sha256="0" * 64, recipe={},
        files=(file,),
    )  # fmt: skip


class Jobs(RuleBasedStateMachine):
    """People ask and call off, workers lease and say what became of it (late, twice, or never), the sweeper sweeps."""

    leases = Bundle("leases")

    @initialize()
    def open(self) -> None:
        number = next(_numbers)
        self.people = [
            User.objects.create_user(email=f"p{number}-{n}@example.com", display_name=f"P{n}") for n in range(2)
        ]
        self.known: dict[UUID, Known] = {}
        Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).update(
            state=JobState.CANCELLED, lease_token=None, lease_expires_at=None, finished_at=timezone.now()
        )
        for size in (16, 16, 32, 48):
            self.somebody_asks(0, Priority.ORDINARY, size)

    @rule(person=st.integers(0, 1), priority=st.sampled_from(Priority), size=st.sampled_from([16, 32]))
    def somebody_asks(self, person: int, priority: Priority, size: int) -> None:
        asked = {"size": size, "behaviour": "paint"}
        job = services.submit_job(owner=self.people[person], engine="toy", parameters=asked, priority=priority)
        self.known[job.pk] = Known()

    @rule(target=leases)
    def a_worker_leases(self) -> Any:
        jobs = services.lease_jobs(queue="cpu", worker="w", host="h", device="cpu")
        assert len({job.batch_key for job in jobs}) <= 1
        for job in jobs:
            assert self.known[job.pk].state == JobState.QUEUED
            self.known[job.pk].state = JobState.RUNNING
        if not jobs or jobs[0].lease_token is None:
            return multiple()
        return Lease(jobs[0].lease_token, tuple(job.pk for job in jobs))

    @rule(lease=leases)
    def it_makes_them(self, lease: Lease) -> None:
        held = {job_id for job_id in lease.jobs if self.holds(lease, job_id)}
        done = services.finish_jobs(token=lease.token, finished={job_id: finished(job_id) for job_id in lease.jobs})
        assert done == held
        for job_id in done:
            self.ended(job_id, JobState.SUCCEEDED)

    @rule(lease=leases, users_fault=st.booleans())
    def its_first_fails_for_good(self, lease: Lease, users_fault: bool) -> None:
        job_id, held = lease.jobs[0], self.holds(lease, lease.jobs[0])
        with suppress(LeaseLost):
            services.fail_job(job_id=job_id, token=lease.token, code="c", detail="d", users_fault=users_fault)
            assert held
            assert (Job.objects.get(pk=job_id).dead_at is None) == users_fault
            self.ended(job_id, JobState.FAILED)

    @rule(lease=leases)
    def its_first_has_a_fault_that_may_pass(self, lease: Lease) -> None:
        held = self.holds(lease, lease.jobs[0])
        with suppress(LeaseLost):
            services.retry_job(job_id=lease.jobs[0], token=lease.token, code="c", detail="d")
            assert held
            self.went_back(lease.jobs[0])

    @rule(lease=leases)
    def it_hands_them_back(self, lease: Lease) -> None:
        for job_id in lease.jobs:
            held = self.holds(lease, job_id)
            assert services.release_job(job_id=job_id, token=lease.token) == held
            if held:
                self.went_back(job_id)

    @rule(lease=leases)
    def it_stops(self, lease: Lease) -> None:
        for job_id in lease.jobs:
            held = self.holds(lease, job_id)
            with suppress(LeaseLost):
                services.stop_job(job_id=job_id, token=lease.token)
                assert held
                self.went_back(job_id)

    @rule(lease=leases)
    def it_falls_silent(self, lease: Lease) -> None:
        lapsed = [job_id for job_id in lease.jobs if self.holds(lease, job_id)]
        Job.objects.filter(pk__in=lapsed).update(lease_expires_at=timezone.now() - PAST)
        assert services.take_back_lapsed() == len(lapsed)
        for job_id in lapsed:
            self.went_back(job_id)

    @rule(lease=leases)
    def the_owner_of_one_that_is_made_calls_it_off(self, lease: Lease) -> None:
        self.its_owner_calls_one_off(sorted(self.known).index(lease.jobs[0]))

    @rule(which=st.integers(0, 50))
    def its_owner_calls_one_off(self, which: int) -> None:
        job_id = sorted(self.known)[which % len(self.known)]
        was = self.known[job_id]
        try:
            services.cancel_job(job_id=job_id)
        except NotCancellable:
            assert was.state in {JobState.SUCCEEDED, JobState.FAILED}
            return
        was.cancel_asked = True
        if was.state == JobState.QUEUED:
            self.ended(job_id, JobState.CANCELLED)

    @rule(which=st.integers(0, 50))
    def staff_run_one_again(self, which: int) -> None:
        job_id = sorted(self.known)[which % len(self.known)]
        try:
            services.requeue_job(job_id=job_id)
        except NotRequeueable:
            assert self.known[job_id].state not in {JobState.FAILED, JobState.CANCELLED}
            return
        self.known[job_id].state, self.known[job_id].cancel_asked = JobState.QUEUED, False

    @rule()
    def pauses_pass_and_the_sweeper_wakes(self) -> None:
        Job.objects.filter(state=JobState.QUEUED).update(available_at=timezone.now() - PAST, woken_at=None)
        waiting = Job.objects.filter(state=JobState.QUEUED).count()
        assert services.wake_forgotten() == min(waiting, 32)

    def holds(self, lease: Lease, job_id: UUID) -> bool:
        return Job.objects.held(lease.token, job_id).exists()

    def ended(self, job_id: UUID, state: str) -> None:
        self.known[job_id].state = state
        self.known[job_id].endings.append(state)

    def went_back(self, job_id: UUID) -> None:
        """Where a job goes that is not done: to the queue, unless it was called off or has had its faults."""
        job, was = Job.objects.get(pk=job_id), self.known[job_id]
        if was.cancel_asked:
            self.ended(job_id, JobState.CANCELLED)
        elif job.faults >= MOST_FAULTS:
            assert job.dead_at is not None
            self.ended(job_id, JobState.FAILED)
        else:
            was.state = JobState.QUEUED

    @invariant()
    def rows_and_model_agree(self) -> None:
        for job in Job.objects.filter(pk__in=getattr(self, "known", {})):
            was = self.known[job.pk]
            assert job.state == was.state
            attempts = list(Attempt.objects.filter(job=job).order_by("number"))
            assert [attempt.number for attempt in attempts] == list(range(1, job.attempt + 1))
            still = [attempt for attempt in attempts if attempt.ended_at is None]
            assert len(still) == (1 if job.state == JobState.RUNNING else 0)
            works = Artwork.objects.filter(job=job).count()
            assert works == was.endings.count(JobState.SUCCEEDED) == (1 if job.state == JobState.SUCCEEDED else 0)
            assert [a.outcome for a in attempts].count(Outcome.SUCCEEDED) == works
            told = OutboxEvent.objects.filter(subject_id=str(job.pk)).exclude(topic="").order_by("id")
            assert [event.topic for event in told] == [f"job.{ending}" for ending in was.endings]


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_events_reaches_an_illegal_state() -> None:
    run_state_machine_as_test(
        Jobs,
        settings=settings(
            max_examples=45, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
