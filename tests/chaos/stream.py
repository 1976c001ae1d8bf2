"""The stream of jobs in a storm: people who ask, and now and then call off, and try again when nobody answers."""

import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import InterfaceError, OperationalError, connection

from generation import services
from generation.errors import NotCancellable
from generation.models import Job, JobState
from marketplace.accounts.models import User

Answer = TypeVar("Answer")
PEOPLE = 5
OPEN = (JobState.QUEUED, JobState.RUNNING)
BEHAVIOURS = {
    "paint": 70, "user-error": 6, "crash": 5, "fault": 5, "out-of-memory": 3, "die": 3, "full-when-many": 4,
}  # fmt: skip
CANCELLED_SHARE = 0.08
BETWEEN = (0.05, 0.6)  # seconds between two requests


class Stream:
    """Asks for jobs, each under a key of its own, so that asking again after silence asks for nothing new."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed + 1)
        self.people = [
            User.objects.create_user(email=f"person{number}@chaos.test", display_name=f"Person {number}")
            for number in range(PEOPLE)
        ]
        staff = User.objects.create_user(email="staff@chaos.test", display_name="Staff", password="storm-and-calm")
        User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
        EmailAddress.objects.create(user=staff, email=staff.email, verified=True, primary=True)
        self.asked: dict[UUID, str] = {}  # behaviour by job
        self.called_off: set[UUID] = set()
        self.slowest_cancel = 0.0

    def flow(self, jobs: int) -> None:
        """Ask for so many jobs, one after the other, whatever happens."""
        for number in range(jobs):
            job = insist(partial(self._ask, number))
            if self.chance.random() < CANCELLED_SHARE:
                time.sleep(self.chance.uniform(0.0, 1.0))
                insist(partial(self._call_off, job.pk))
            time.sleep(self.chance.uniform(*BETWEEN))
        connection.close()

    def wait_for_the_end(self, seconds: float) -> None:
        """Wait until every job has ended, or time is up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and insist(lambda: Job.objects.filter(state__in=OPEN).count()):
            time.sleep(0.5)

    def _ask(self, number: int) -> Job:
        chance = random.Random(number)
        owner = chance.choice(self.people)
        behaviour = chance.choices(list(BEHAVIOURS), list(BEHAVIOURS.values()))[0]
        parameters: dict[str, Any] = {"size": chance.choice([16, 32, 48]), "behaviour": behaviour}
        parameters["seconds"] = chance.choice([0.0, 0.0, 0.1, 0.4])
        engine = "toy"
        if number % 10 == 0:
            engine, parameters, behaviour = "noop", {}, "noop"
        elif number % 25 == 1:
            engine, parameters, behaviour = "flow-field", {"size": 256}, "paint"
        job = services.submit_job(
            owner=owner, engine=engine, parameters=parameters, seed=number, request_key=f"chaos-{number}"
        )
        self.asked[job.pk] = behaviour
        return job

    def _call_off(self, job_id: UUID) -> None:
        self.called_off.add(job_id)
        try:
            services.cancel_job(job_id=job_id)
        except NotCancellable:
            return


def insist(act: Callable[[], Answer]) -> Answer:
    """Ask again until the database answers, as a person's browser would."""
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.3)
