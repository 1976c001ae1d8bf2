"""What engines took lately: medians of their last attempts that succeeded; measured, never declared.

Trainings are left out: each takes what it was given, in as many attempts as it was put off (`training_times`).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection

KNOWN, FRESH = "run-times", "run-times-are-fresh"
FRESH_SECONDS = 10
# Bounded however long the tables are: the last thousand attempts, of each its job by its key (OFFSET keeps PostgreSQL
# from reading all jobs instead), and of each engine the last fifty.
_LATELY = """
    SELECT engine, queue, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds / batch),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
    FROM (
        SELECT job.engine, job.queue, lately.batch, lately.seconds,
               row_number() OVER (PARTITION BY job.engine ORDER BY lately.ended_at DESC) AS ago
        FROM (SELECT job_id, batch, ended_at, extract(epoch FROM ended_at - started_at)::float8 AS seconds
              FROM generation_attempt WHERE ended_at IS NOT NULL AND outcome = 'succeeded'
              ORDER BY ended_at DESC LIMIT 1000) AS lately
        CROSS JOIN LATERAL (SELECT engine, queue, purpose FROM generation_job WHERE id = lately.job_id OFFSET 0) AS job
        WHERE job.purpose <> 'train'
    ) AS measured WHERE ago <= 50 GROUP BY GROUPING SETS ((engine), (queue))
"""


class RunTime(NamedTuple):
    """Seconds of a worker that one job costs, and that it takes itself: more, where many are made together."""

    cost: float
    span: float


@dataclass(frozen=True, slots=True)
class RunTimes:
    """Medians by engine, and by queue for engines that never ran."""

    engines: dict[str, RunTime] = field(default_factory=dict)
    queues: dict[str, RunTime] = field(default_factory=dict)

    def of(self, engine: str, queue: str) -> RunTime | None:
        """What a job of this engine takes; None where nothing like it was ever made."""
        return self.engines.get(engine) or self.queues.get(queue)


def run_times() -> RunTimes:
    """The present medians; an engine that did not run lately keeps its last ones."""
    cached = cache.get_many([KNOWN, FRESH])
    known = RunTimes(*cached.get(KNOWN, ({}, {})))
    if FRESH in cached:
        return known
    measured = _measure()
    merged = RunTimes(known.engines | measured.engines, known.queues | measured.queues)
    cache.set(KNOWN, (merged.engines, merged.queues), timeout=None)
    cache.set(FRESH, True, timeout=FRESH_SECONDS)
    return merged


def _measure() -> RunTimes:
    measured = RunTimes()
    with connection.cursor() as cursor:
        cursor.execute(_LATELY)
        for engine, queue, cost, span in cursor.fetchall():
            found = measured.queues if engine is None else measured.engines
            found[queue if engine is None else engine] = RunTime(cost, span)
    return measured
