"""The stream of a job's progress, over ASGI."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient
from django.urls import reverse

from generation import services
from generation.models import Artwork, Job
from generation.worker.running import run_next_batch
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from tests.generation.conftest import Gate

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


def watch(job: Job, headers: dict[str, str], meanwhile: Callable[[], Any] = lambda: None) -> tuple[Any, str]:
    """Open the stream, let something happen, and read to its end."""

    async def read() -> tuple[Any, str]:
        answer: Any = await AsyncClient().get(reverse("api-job-events", args=[job.pk]), headers=headers)
        if not answer.streaming:
            return answer, answer.content.decode()
        stream: AsyncIterator[bytes] = answer.streaming_content
        text = ""
        async with asyncio.timeout(30):
            async for chunk in stream:
                if not text.count("data:"):
                    text += chunk.decode()
                    if text.count("data:"):
                        meanwhile()
                else:
                    text += chunk.decode()
        return answer, text

    return async_to_sync(read)()


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def run_in_background() -> Thread:
    def run() -> None:
        try:
            run_next_batch("cpu")
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def bearer(user: User) -> dict[str, str]:
    return token_of(user, ["read"])


def token_of(person: User, scopes: list[str]) -> dict[str, str]:
    _, secret = accounts.create_token(user=person, name="t", scopes=scopes, expires_in=None)
    return {"Authorization": f"Bearer {secret}"}


def test_the_stream_shows_the_work_growing_and_ends_with_it(submit: Submit, bearer: dict[str, str]) -> None:
    job = submit()
    threads: list[Thread] = []

    answer, text = watch(job, bearer, meanwhile=lambda: threads.append(run_in_background()))
    threads[0].join(timeout=60)

    assert answer.headers["Content-Type"] == "text/event-stream"
    assert (answer.headers["X-Accel-Buffering"], answer.headers["Cache-Control"]) == ("no", "no-store")
    assert text.startswith("retry: 2000\n\n")
    seen = events(text)
    assert seen[0] == {
        "state": "queued", "progress": 0.0, "stage": "", "preview_url": "", "error": None, "artwork": None,
        "estimated_wait": {"position": 0, "seconds": None, "ready_in": None, "workers": 0},
    }  # fmt: skip
    assert (seen[-1]["state"], seen[-1]["progress"]) == ("succeeded", 1.0)
    assert seen[-1]["estimated_wait"] is None
    assert seen[-1]["artwork"] == str(Artwork.objects.get(job=job).pk)
    assert seen[-1]["preview_url"].endswith(".webp")
    assert all(before != after for before, after in pairwise(seen))


def test_a_watcher_who_comes_back_after_the_end_is_told_not_to_come_again(
    submit: Submit, bearer: dict[str, str]
) -> None:
    job = submit(behaviour="fault")
    run_next_batch("cpu")
    _, text = watch(job, bearer)
    (last,) = events(text)
    assert last["error"] == {"code": "engine-fault", "detail": "The brush broke."}
    event_id = next(line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: "))

    answer, text = watch(job, bearer | {"Last-Event-ID": event_id})

    assert (answer.status_code, text) == (204, "")
    answer, text = watch(job, bearer | {"Last-Event-ID": "something older"})
    assert len(events(text)) == 1


def test_a_stream_in_which_nothing_happens_is_kept_alive(
    submit: Submit, gate: Gate, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from generation.api import events as streaming

    monkeypatch.setattr(streaming, "KEEP_ALIVE_SECONDS", 0.1)
    job = submit(behaviour="wait", gate=str(gate), seed=1)
    worker = run_in_background()
    gate.wait_for("1.started")

    def cancel_soon() -> None:
        def cancel() -> None:
            try:
                time.sleep(0.5)
                services.cancel_job(job_id=job.pk)
            finally:
                connection.close()

        Thread(target=cancel).start()

    _, text = watch(job, bearer, meanwhile=cancel_soon)
    worker.join(timeout=60)

    assert text.count(": still here") >= 2
    assert events(text)[-1]["state"] == "cancelled"


def test_the_stream_is_for_the_owner_and_for_staff(submit: Submit, make_user: Callable[..., User]) -> None:
    job = submit()
    services.cancel_job(job_id=job.pk)

    answer, _ = watch(job, {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="atelier"')
    answer, _ = watch(job, {"Authorization": "Bearer atl_wrong"})
    assert answer.status_code == 401
    answer, text = watch(job, token_of(make_user(), ["read"]))
    assert (answer.status_code, json.loads(text)["code"]) == (404, "not-found")
    assert answer.headers["Content-Type"] == "application/problem+json"
    answer, text = watch(job, token_of(job.owner, ["upload"]))
    assert (answer.status_code, json.loads(text)["code"]) == (403, "permission-refused")
    _, text = watch(job, token_of(make_user(is_staff=True), ["read"]))
    assert events(text)[0]["state"] == "cancelled"


def test_people_signed_in_by_session_may_watch(submit: Submit) -> None:
    job = submit()
    services.cancel_job(job_id=job.pk)

    async def read() -> int:
        client = AsyncClient()
        await client.aforce_login(job.owner)
        answer: Any = await client.get(reverse("api-job-events", args=[job.pk]))
        return len([chunk async for chunk in answer.streaming_content])

    assert async_to_sync(read)() == 2
