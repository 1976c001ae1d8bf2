"""What a worker counts, in Prometheus' own kinds. Its row in the database carries the counts to `/metrics`.

So one address tells of the workers of every host, and none of them needs a port.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram

from generation.models import Job

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
_registry = CollectorRegistry()
_wait = Histogram(
    "atelier_job_wait_seconds", "From when a job could be taken to when it was.", ["queue", "priority"],
    buckets=SECONDS, registry=_registry,
)  # fmt: skip
_run = Histogram(
    "atelier_job_run_seconds", "From a job's start to its end, however it ended.", ["engine", "outcome"],
    buckets=SECONDS, registry=_registry,
)  # fmt: skip
_batch = Histogram(
    "atelier_batch_jobs", "Jobs made together.", ["engine"], buckets=(1, 2, 4, 8, 16, 32, 64), registry=_registry
)
_failures = Counter("atelier_job_failures", "Attempts that failed, by cause.", ["engine", "code"], registry=_registry)
_looks = Counter("atelier_model_cache", "Engines asked for: there already or not.", ["answer"], registry=_registry)
_kills = Counter("atelier_studio_kills", "Studios that were killed.", ["why"], registry=_registry)


@dataclass
class Studio:
    """What the studio last said of itself."""

    device: str = ""
    memory_used: int = 0
    memory_total: int = 0
    engines: list[str] = field(default_factory=list)
    hits: int = 0
    misses: int = 0


studio = Studio()


def jobs_started(jobs: Sequence[Job]) -> None:
    """A batch was leased."""
    now = timezone.now()
    _batch.labels(jobs[0].engine).observe(len(jobs))
    for job in jobs:
        waited = now - max(job.created_at, job.available_at)
        _wait.labels(job.queue, str(job.priority)).observe(max(0.0, waited.total_seconds()))


def job_ended(job: Job, outcome: str, code: str, seconds: float) -> None:
    """An attempt at a job ended."""
    _run.labels(job.engine, outcome).observe(seconds)
    if code:
        _failures.labels(job.engine, code).inc()


def studio_said(
    *, device: str, memory_used: int, memory_total: int, engines: Sequence[str], hits: int, misses: int
) -> None:
    """The studio told what it holds. Hits and misses are its totals; a new studio begins at nought again."""
    if hits < studio.hits or misses < studio.misses:
        studio.hits = studio.misses = 0
    _looks.labels("hit").inc(hits - studio.hits)
    _looks.labels("miss").inc(misses - studio.misses)
    studio.device, studio.memory_used, studio.memory_total = device, memory_used, memory_total
    studio.engines, studio.hits, studio.misses = list(engines), hits, misses


def studio_killed(why: str) -> None:
    """A studio was killed."""
    _kills.labels(why).inc()


def snapshot() -> list[dict[str, Any]]:
    """Every sample, as a row can hold it: families with their kind, help, and samples of name, labels and value."""
    return [
        {
            "name": family.name,
            "help": family.documentation,
            "kind": family.type,
            "samples": [[sample.name, sample.labels, sample.value] for sample in family.samples],
        }
        for family in _registry.collect()
    ]
