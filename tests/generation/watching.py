"""What the worker's tests look at, and how they have it work in the background."""

import time
from collections.abc import Callable
from threading import Thread

from django.db import connection

from generation.models import Job


def outcomes(job: Job) -> list[tuple[str, str]]:
    """How each attempt at a job ended, and why."""
    return list(job.attempts.order_by("number").values_list("outcome", "error_code"))


def eventually(look: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until `look` sees something."""
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


def in_background(work: Callable[[], object]) -> Thread:
    """Do something in a thread that leaves no connection behind."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread
