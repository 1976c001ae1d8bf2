"""Time that the worker itself needs, to fetch pictures and to store what was made, is not the engine's time."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from generation.models import Artwork, Job, JobInput
from generation.worker import batch
from generation.worker.running import run_next_batch
from marketplace.core import storage
from tests.generation.watching import outcomes

pytestmark = pytest.mark.django_db(transaction=True)

LARGE = 600  # pixels: more bytes than the socket between the two holds, so the studio waits for the worker to read
LIMIT, SLOW = 3.0, 4.0


def slow_down(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The object store takes its time, once; the engine has less."""
    monkeypatch.setattr(batch, "_time_limit", lambda jobs: LIMIT)
    act, pauses = getattr(storage, name), iter([SLOW])

    def slowly(*given: Any, **more: Any) -> Any:
        time.sleep(next(pauses, 0.0))
        return act(*given, **more)

    monkeypatch.setattr(storage, name, slowly)


def test_works_are_not_late_because_they_are_stored_slowly(
    submit: Callable[..., Job], make_artwork: Callable[..., Artwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_artwork(size=8)  # the engine is loaded
    slow_down(monkeypatch, "put")
    jobs = [submit(size=LARGE, seed=seed) for seed in (1, 2)]

    assert len(run_next_batch("cpu")) == 2

    assert [outcomes(job) for job in jobs] == [[("succeeded", "")]] * 2


def test_a_work_is_not_late_because_its_picture_is_fetched_slowly(
    submit: Callable[..., Job], make_artwork: Callable[..., Artwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = JobInput.of_artwork("picture", make_artwork(size=8))
    slow_down(monkeypatch, "get")
    job = submit(size=16, seconds=0.6, inputs=[picture])

    assert run_next_batch("cpu") == [job.pk]

    assert outcomes(job) == [("succeeded", "")]
