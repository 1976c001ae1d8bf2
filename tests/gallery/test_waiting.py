"""What a person is told about the wait for a commission."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from django.test import Client

from gallery.pages.waiting import duration_words, wait_words
from generation.models import Attempt, Job, Outcome, Worker
from generation.selectors import Wait
from marketplace.commissions.models import Commission
from tests.gallery.markup import read
from tests.gallery.test_commission_page import address, commission, painting

__all__ = ["address", "commission"]  # fixtures


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"), (19.9, "a few seconds"), (20, "less than a minute"), (50, "about a minute"),
        (89, "about a minute"), (91, "about 2 minutes"), (209, "about 3 minutes"), (211, "3 to 5 minutes"),
        (301, "5 to 8 minutes"), (3600, "45 to 60 minutes"), (3601, "1 to 2 hours"), (86_400, "12 to 24 hours"),
        (86_401, "more than a day"),
    ],
)  # fmt: skip
def test_the_longer_the_rougher(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (Wait(position=3, seconds=90, ready_in=120, workers=1), "Ready in about 2 minutes; 3 before you"),
        (Wait(position=0, seconds=0, ready_in=5, workers=2), "Ready in a few seconds; you are next"),
        (Wait(position=1, seconds=None, ready_in=None, workers=1), "1 before you"),
        (Wait(position=0, seconds=None, ready_in=None, workers=1), "You are next"),
        (
            Wait(position=2, seconds=None, ready_in=None, workers=0),
            "No painter is at work just now; 2 before you, and it starts by itself",
        ),
    ],
)
def test_it_says_the_place_and_what_can_be_said_of_the_time(wait: Wait, words: str) -> None:
    assert wait_words(wait) == words


def test_the_page_says_it_while_the_job_waits_and_no_longer(
    visitor: Client, commission: Commission, address: str
) -> None:
    job = painting(commission).job
    assert job is not None
    assert "No painter is at work just now; you are next, and it starts by itself." in read(visitor.get(address)).html
    before = read(visitor.get(address)).all("section", id="state")[0]["hx-vals"]

    measured_as(job, minutes=2)
    page = read(visitor.get(f"{address}state/", {"seen": before}))
    assert "Ready in about 2 minutes; you are next." in page.html

    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, lease_token=job.pk, lease_expires_at=Now(), started_at=Now()
    )
    assert "Ready in" not in read(visitor.get(address)).html


def measured_as(job: Job, *, minutes: int) -> None:
    """A painter is there, and such jobs have taken so long."""
    Worker.objects.create(name="h:1", host="h", queues=[job.queue])
    Attempt.objects.create(
        job=job, number=9, worker="w", host="h", device="cpu", outcome=Outcome.SUCCEEDED,
        started_at=Now() - timedelta(minutes=minutes), ended_at=Now(),
    )  # fmt: skip
    cache.clear()
