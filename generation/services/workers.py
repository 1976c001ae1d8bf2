"""Worker processes as they tell of themselves; those that fell silent are soon forgotten."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from generation.models import Worker

FORGOTTEN = timedelta(minutes=10)


def note_worker(*, name: str, **said: Any) -> None:
    """Write down what a worker says of itself, and when, by the database's clock."""
    Worker.objects.update_or_create(name=name, defaults=said | {"beat_at": Now()})


def forget_worker(*, name: str) -> None:
    """The worker leaves in good order."""
    Worker.objects.filter(name=name).delete()


def forget_silent_workers() -> int:
    """Remove those that nobody heard of for ten minutes; return how many."""
    return Worker.objects.filter(beat_at__lt=Now() - FORGOTTEN).delete()[0]
