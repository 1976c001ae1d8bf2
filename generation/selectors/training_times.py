"""How long trainings still take: each has a budget of its own, so what others took says nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest, Now

from generation.models import JobState, Training

TELLING = 0.1  # progress from which on it says more about the rest than what was asked for


def seconds_left() -> dict[UUID, float]:
    """Of every job that is an open training, the seconds of work that are left of it, by the database's clock."""
    trainings = Training.objects.filter(job__state__in=[JobState.QUEUED, JobState.RUNNING])
    # What was worked is written down with each checkpoint, and the clock says what came since.
    since = Greatest(F("checkpoint_at"), F("job__started_at"))  # of times that are null, PostgreSQL takes the others
    fields = ("job_id", "job__state", "job__progress", "job__parameters", "seconds")
    return {
        row["job_id"]: _left(row) for row in trainings.annotate(now=Now(), since=since).values(*fields, "now", "since")
    }


def _left(training: dict[str, Any]) -> float:
    budget, worked = float(training["job__parameters"]["minutes"]) * 60, float(training["seconds"])
    if training["job__state"] == JobState.RUNNING:
        worked += _between(training["since"], training["now"])
        if (done := float(training["job__progress"])) >= TELLING:
            return worked * (1 - done) / done
    return max(budget - worked, 0.0)


def _between(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0
