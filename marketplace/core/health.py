"""Is the house well? Parts that must answer, and processes that should have beaten lately."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.core import broker, storage
from marketplace.core.models import Heartbeat

LATE = timedelta(seconds=20)
FORGOTTEN = timedelta(hours=1)
_parts: dict[str, Callable[[], object]] = {}


def part(name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a check of a part that must answer; it raises when the part does not."""

    def register(check: Callable[[], object]) -> Callable[[], object]:
        _parts[name] = check
        return check

    return register


def beat(name: str) -> None:
    """Record that the process `name` is alive."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now})


@part("database")
def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@part("cache")
def _cache() -> None:
    cache.set("readyz", "1", 10)


@part("broker")
def _broker() -> None:
    broker.ping()


@part("storage")
def _storage() -> None:
    storage.head(storage.Bucket.PRIVATE, "readyz")
    storage.head(storage.Bucket.PUBLIC, "readyz")


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process runs."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, else 503; each by name. Late heartbeats are shown but do not take the web down."""
    parts = {name: _try(check) for name, check in _parts.items()}
    ready = all(answer["status"] == "ok" for answer in parts.values())
    processes = _processes() if parts["database"]["status"] == "ok" else {}
    body = {"status": "ok" if ready else "unavailable", "parts": parts, "processes": processes}
    return JsonResponse(body, status=200 if ready else 503)


def _try(check: Callable[[], object]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        check()
    except Exception as error:  # noqa: BLE001  # whatever keeps a part from answering, the answer is its name
        return {"status": "unavailable", "error": type(error).__name__}
    return {"status": "ok", "ms": round((time.perf_counter() - started) * 1000, 1)}


def _processes() -> dict[str, Any]:
    now = timezone.now()
    beats = Heartbeat.objects.filter(beat_at__gt=now - FORGOTTEN)
    return {
        row.name: {
            "status": "ok" if now - row.beat_at < LATE else "late",
            "seconds_ago": round((now - row.beat_at).total_seconds(), 1),
        }
        for row in beats
    }
