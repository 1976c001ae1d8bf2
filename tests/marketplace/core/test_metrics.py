"""`/metrics`: who may read them, and that they say what is so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from generation import services
from generation.models import Job, Worker
from generation.worker import meters
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def figures(client: Client, **headers: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def ask(owner: User, **more: object) -> Job:
    return services.submit_job(owner=owner, engine="toy", parameters={"size": 16, **more})


def test_what_waits_and_what_was_given_up_is_told(client: Client, user: User) -> None:
    for _ in range(2):
        ask(user, behaviour="fault")
    run_next_batch("cpu")
    ask(user)
    Job.objects.filter(state="queued").update(available_at=timezone.now() - timedelta(seconds=90))

    told = figures(client)

    waiting = {"state": "queued", "queue": "cpu", "priority": "10", "engine": "toy"}
    assert told["atelier_jobs", frozenset(waiting.items())] == 1
    assert told["atelier_dead_letters", frozenset()] == 2
    assert told["atelier_oldest_wait_seconds", frozenset({("queue", "cpu"), ("priority", "10")})] >= 90
    assert told["atelier_outbox_rows", frozenset()] >= 3


def test_what_workers_counted_is_told_for_each(client: Client, user: User) -> None:
    before = meters.snapshot()
    ask(user, behaviour="fault")
    run_next_batch("cpu")
    said = {"host": "h", "queues": ["cpu"], "device": "cuda:0", "memory_used": 5, "memory_total": 9, "engines": ["toy"]}
    services.note_worker(name="h:1", **said, samples=meters.snapshot())
    services.note_worker(name="h:2", **said, samples=before)

    told = figures(client)

    failed = {"engine": "toy", "code": "engine-fault"}
    one, other = (
        told.get(("atelier_job_failures_total", frozenset({**failed, "worker": name}.items())), 0.0)
        for name in ("h:1", "h:2")
    )
    assert one - other == 1
    assert told["atelier_device_memory_used_bytes", frozenset({("worker", "h:1"), ("device", "cuda:0")})] == 5
    assert told["atelier_batch_jobs_count", frozenset({("engine", "toy"), ("worker", "h:1")})] >= 1


def test_a_studio_that_began_anew_counts_from_nought() -> None:
    def looks() -> dict[str, float]:
        samples = next(family["samples"] for family in meters.snapshot() if family["name"] == "atelier_model_cache")
        return {labels["answer"]: value for name, labels, value in samples if name.endswith("_total")}

    state = {"device": "cpu", "memory_used": 0, "memory_total": 0, "engines": ["toy"]}
    meters.studio_said(**state, hits=0, misses=0)  # type: ignore[arg-type]
    before = looks()
    meters.studio_said(**state, hits=3, misses=1)  # type: ignore[arg-type]
    meters.studio_said(**state, hits=5, misses=1)  # type: ignore[arg-type]
    meters.studio_said(**state, hits=1, misses=1)  # type: ignore[arg-type]
    after = looks()
    assert (after["hit"] - before["hit"], after["miss"] - before["miss"]) == (6, 2)


def test_the_metrics_are_for_this_machine_and_for_staff(make_user: Callable[..., User]) -> None:
    assert Client().get("/metrics").status_code == 200
    away = Client(REMOTE_ADDR="10.0.0.7")
    refused = away.get("/metrics")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission-refused")
    assert Client().get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 403
    away.force_login(make_user(is_staff=True))
    assert away.get("/metrics").status_code == 200


def test_with_a_token_only_the_token_opens(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"metrics_token": SecretStr("hush")})
    refused = Client().get("/metrics")
    assert (refused.status_code, refused.json()["code"]) == (401, "metrics-token-needed")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert figures(Client(), Authorization="Bearer hush")


def test_requests_are_timed_by_their_route(client: Client, user: User) -> None:
    client.get("/api/v1/engines/toy/")
    told = figures(client)
    route = {"route": "api/v1/engines/<slug:name>/", "method": "GET", "status": "200"}
    assert told["atelier_request_seconds_count", frozenset(route.items())] >= 1


def test_silent_workers_are_forgotten_after_ten_minutes() -> None:
    for name in ("quiet", "loud"):
        services.note_worker(name=name, host="h", queues=[])
    Worker.objects.filter(name="quiet").update(beat_at=timezone.now() - timedelta(minutes=11))
    assert services.forget_silent_workers() == 1
    assert Worker.objects.get().name == "loud"
