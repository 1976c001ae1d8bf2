"""The stream of jobs in a storm: people who ask, and now and then call off, and try again when nobody answers."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from generation import services
from generation.errors import NotCancellable
from generation.models import Artwork, Job, JobInput, JobState
from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent

Answer = TypeVar("Answer")
PEOPLE = 5
OPEN = (JobState.QUEUED, JobState.RUNNING)
BEHAVIOURS = {
    "paint": 70, "user-error": 6, "crash": 5, "fault": 5, "out-of-memory": 3, "die": 2, "full-when-many": 4,
}  # fmt: skip
SIZES = [16, 32, 48]
HANGING, HANGING_SIZE = ("wait", "deaf"), 8  # a size of their own: nobody is made together with what hangs
CALLED_OFF_SHARE, ASKED_TWICE_SHARE, WITH_PICTURE_SHARE = 0.08, 0.1, 0.2
BETWEEN, LATER = (0.05, 0.6), (0.5, 2.0)  # seconds between two requests, until they are enough and after
HANGS = timedelta(seconds=1)  # how long a job has to hang until somebody calls it off


class Stream:
    """Asks for jobs, each under a key of its own, so that asking again after silence asks for nothing new."""

    def __init__(self, seed: int) -> None:
        self.seed, self.chance = seed, random.Random(f"{seed} stream")
        self.people = [
            User.objects.create_user(email=f"person{number}@chaos.test", display_name=f"Person {number}")
            for number in range(PEOPLE)
        ]
        staff = User.objects.create_user(email="staff@chaos.test", display_name="Staff", password="storm-and-calm")
        User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
        EmailAddress.objects.create(user=staff, email=staff.email, verified=True, primary=True)
        self.asked: dict[UUID, str] = {}  # behaviour by job
        self.called_off: set[UUID] = set()
        self.requests = self.asked_twice = self.called_off_late = 0
        self.wrongs: list[str] = []
        self._hanging: set[UUID] = set()

    def flow(self, at_least: int, until: Event) -> None:
        """Ask for jobs, one after the other, whatever happens: so many, and for as long as the storm lasts."""
        try:
            while self.requests < at_least or not until.is_set():
                self._ask_once(self.requests)
                self.requests += 1
                if self.chance.random() < CALLED_OFF_SHARE:
                    insist(self._call_any_off)
                insist(self._call_off_hanging)
                time.sleep(self.chance.uniform(*(BETWEEN if self.requests < at_least else LATER)))
            while self._hanging:
                time.sleep(0.1)
                insist(self._call_off_hanging)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told at the end and fails the storm
            self.wrongs.append(f"the stream broke off: {type(error).__name__}: {error}")
        finally:
            connection.close()

    def wait_for_the_end(self, seconds: float) -> None:
        """Wait until every job has ended and been told of, or time is up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and insist(_is_anything_open):
            time.sleep(0.5)

    def _ask_once(self, number: int) -> None:
        job_id = insist(partial(self._ask, number))
        if self.chance.random() < ASKED_TWICE_SHARE:
            self.asked_twice += 1
            if insist(partial(self._ask, number)) != job_id:
                self.wrongs.append(f"request {number} was taken twice")
        if self.asked[job_id] in HANGING:
            self._hanging.add(job_id)

    def _ask(self, number: int) -> UUID:
        """The same request, however often it is made."""
        chance = random.Random(f"{self.seed} job {number}")
        owner = chance.choice(self.people)
        behaviour = chance.choices(list(BEHAVIOURS), list(BEHAVIOURS.values()))[0]
        size, seconds = chance.choice(SIZES), chance.choice([0.0, 0.0, 0.1, 0.4])
        engine, pictures = "toy", tuple[JobInput, ...]()
        if number % 30 == 7:
            behaviour, size = HANGING[number // 30 % 2], HANGING_SIZE
        parameters: dict[str, Any] = {"size": size, "behaviour": behaviour, "seconds": seconds}
        if number % 10 == 0:
            engine, parameters, behaviour = "noop", {}, "noop"
        elif number % 25 == 1:
            engine, parameters, behaviour = "flow-field", {"size": 256}, "paint"
        elif chance.random() < WITH_PICTURE_SHARE:
            pictures = _an_earlier_work(owner)
        job = services.submit_job(
            owner=owner, engine=engine, parameters=parameters, inputs=pictures, seed=number,
            request_key=f"chaos-{number}",
        )  # fmt: skip
        self.asked[job.pk] = behaviour
        return job.pk

    def _call_any_off(self) -> None:
        """Somebody thinks better of something that is not done yet."""
        some = Job.objects.filter(state=self.chance.choice(OPEN)).order_by("?")
        if job_id := some.values_list("pk", flat=True).first():
            self._call_off(job_id)

    def _call_off_hanging(self) -> None:
        """What hangs is called off while it runs; some of it comes to its time limit first, in a storm."""
        waiting = Job.objects.filter(pk__in=self._hanging, state__in=OPEN)
        for job_id in waiting.filter(state=JobState.RUNNING, started_at__lt=Now() - HANGS).values_list("pk", flat=True):
            self._call_off(job_id)
        self._hanging = set(waiting.exclude(pk__in=self.called_off).values_list("pk", flat=True))

    def _call_off(self, job_id: UUID) -> None:
        self.called_off.add(job_id)
        try:
            services.cancel_job(job_id=job_id, by=Job.objects.get(pk=job_id).owner)
        except NotCancellable:
            self.called_off_late += 1


def insist(act: Callable[[], Answer]) -> Answer:
    """Ask again until the database answers, as a person's browser would."""
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.3)


def _an_earlier_work(owner: User) -> tuple[JobInput, ...]:
    work = Artwork.objects.filter(owner=owner).order_by("?").first()
    return () if work is None else (JobInput.of_artwork("picture", work),)


def _is_anything_open() -> bool:
    untold = OutboxEvent.objects.filter(done_at=None)
    return Job.objects.filter(state__in=OPEN).exists() or untold.exists()
