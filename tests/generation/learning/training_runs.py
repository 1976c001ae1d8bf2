"""Trainings as tests begin them, have them run, and look at them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from generation.models import Job, Training
from generation.worker.running import run_next_batch
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation.conftest import Gate
from tests.generation.watching import eventually, in_background

Start = Callable[..., Training]


def run(begun: Training) -> Training:
    """A worker comes by, now."""
    Job.objects.filter(pk=begun.job_id).update(available_at=timezone.now() - timedelta(seconds=1))
    assert run_next_batch("cpu") == [begun.job_id]
    return fresh(begun)


def fresh(begun: Training) -> Training:
    return Training.objects.select_related("job").get(pk=begun.pk)


def begin(begun: Training, gate: Gate) -> Any:
    """A worker is at it, and has come to where something happens."""
    worker = in_background(lambda: run_next_batch("cpu"))
    gate.wait_for("slow.started")
    eventually(lambda: fresh(begun).checkpoint_key)
    return worker


def keys(prefix: str) -> set[str]:
    return {item.key for item in storage.list_objects(Bucket.PRIVATE, f"{prefix}/")}
