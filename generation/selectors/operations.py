"""How the works in the making stand, for those who run the house. Bounded, whatever the tables hold.

All times are the database's, so that a web server whose clock is wrong calls no worker silent.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Min, Prefetch, Q
from django.db.models.functions import Now

from generation.models import Attempt, Job, JobState, Outcome, Priority, Purpose, Worker
from generation.selectors.run_times import RunTimes, run_times
from generation.selectors.training_times import seconds_left
from generation.selectors.waits import ALIVE
from marketplace.core.models import OutboxEvent

LATELY_SECONDS = 300
MOST_COUNTED, MOST_SEARCHED = 10_000, 5_000  # attempts
MOST_RUNNING, MOST_HELD, MOST_FAILURES, MOST_EVENTS = 24, 500, 10, 5
_BAD = (Outcome.FAILED, Outcome.RETRIED, Outcome.LOST)
# OFFSET keeps PostgreSQL from reading all jobs instead of looking each up by its key.
_ENDINGS = """
    SELECT job.queue, lately.outcome, count(*)
    FROM (SELECT job_id, outcome FROM generation_attempt WHERE ended_at > now() - make_interval(secs => %(lately)s)
          ORDER BY ended_at DESC LIMIT %(most)s) AS lately
    CROSS JOIN LATERAL (SELECT queue FROM generation_job WHERE id = lately.job_id OFFSET 0) AS job
    GROUP BY 1, 2
"""


@dataclass(slots=True, kw_only=True)
class QueueState:
    """One queue: what waits, what runs, and what came of the last five minutes."""

    name: str
    waiting: int = 0
    by_priority: list[tuple[str, int]] = field(default_factory=list)  # those that go first, first
    oldest: datetime | None = None
    running: int = 0
    workers: int = 0
    finished: int = 0
    failed: int = 0
    is_more: bool = False  # than could be counted
    seconds: float | None = None  # of a worker that one job usually costs
    work: float | None = 0.0  # seconds of a worker for all that waits; None where some of it was never measured

    @property
    def drains_in(self) -> float | None:
        """Seconds until nothing waits, if nobody else comes; None where nobody can tell."""
        return self.work / self.workers if self.work is not None and self.workers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningJob:
    """A job that is being made, how many are made with it, and its picture where staff may see one."""

    job: Job
    together: int
    preview_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """One worker process and what it does now."""

    worker: Worker
    making: list[tuple[str, int]]  # engines, and how many jobs of each
    is_silent: bool

    @property
    def memory_share(self) -> float | None:
        return self.worker.memory_used / self.worker.memory_total if self.worker.memory_total else None


def clock() -> datetime:
    """The present time, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: datetime = cursor.fetchone()[0]
    return now


def queue_states() -> list[QueueState]:
    """Every queue in which something waits, runs, ran lately, or for which a worker is there."""
    states, times = dict[str, QueueState](), run_times()
    for queue, jobs in Job.objects.filter(state=JobState.RUNNING).values_list("queue").annotate(Count("pk")):
        _of(states, queue).running = jobs
    _add_waiting(states, times)
    _add_endings(states)
    for queues in Worker.objects.filter(beat_at__gt=Now() - ALIVE).values_list("queues", flat=True):
        for queue in set(queues) - {"io"}:
            _of(states, queue).workers += 1
    for name, state in states.items():
        measured = times.queues.get(name)
        state.seconds = measured.cost if measured else None
    return [states[name] for name in sorted(states)]


def worker_states() -> list[WorkerState]:
    """The workers, those that paint first, each with what it makes just now."""
    making: defaultdict[str, Counter[str]] = defaultdict(Counter)
    held = Job.objects.filter(state=JobState.RUNNING).values_list("worker", "engine")
    for worker, engine in held[:MOST_HELD]:
        making[worker][engine] += 1
    silent = ExpressionWrapper(Q(beat_at__lte=Now() - ALIVE), output_field=BooleanField())
    states = [
        WorkerState(worker=worker, making=making[worker.name].most_common(), is_silent=worker.is_silent)
        for worker in Worker.objects.defer("samples").annotate(is_silent=silent)
    ]
    return sorted(states, key=lambda state: ("io" in state.worker.queues, state.worker.name))


def running_jobs() -> list[RunningJob]:
    """What is being made, longest first."""
    present = Prefetch("attempts", Attempt.objects.filter(ended_at=None), to_attr="present")
    running = Job.objects.filter(state=JobState.RUNNING).select_related("owner").prefetch_related(present)
    return [
        RunningJob(job=job, together=_together(job.present), preview_url=_visible_preview(job))  # type: ignore[attr-defined]  # prefetched
        for job in running.order_by("started_at")[:MOST_RUNNING]
    ]


def last_failures() -> list[Attempt]:
    """The last attempts that came to nothing, whether tried again or not, among the last few thousand."""
    ended = Attempt.objects.filter(ended_at__isnull=False).order_by("-ended_at")
    since = ended.values_list("ended_at", flat=True)[MOST_SEARCHED : MOST_SEARCHED + 1].first()
    failures = ended.filter(outcome__in=_BAD).select_related("job__owner")
    return list((failures.filter(ended_at__gt=since) if since else failures)[:MOST_FAILURES])


def dead_letters() -> int:
    """How many jobs the house gave up and nobody has looked at."""
    return Job.objects.filter(dead_at__isnull=False).count()


def failing_events() -> list[OutboxEvent]:
    """Events that somebody failed to take in and that are told again, those that are due first."""
    failing = OutboxEvent.objects.filter(done_at=None).exclude(last_error="").order_by("due_at")
    return list(failing[:MOST_EVENTS])


def _of(states: dict[str, QueueState], queue: str) -> QueueState:
    return states.setdefault(queue, QueueState(name=queue))


def _add_waiting(states: dict[str, QueueState], times: RunTimes) -> None:
    priorities: defaultdict[str, Counter[int]] = defaultdict(Counter)
    waiting = Job.objects.filter(state=JobState.QUEUED).values("queue", "priority", "engine", "purpose")
    # Trainings last: they wait by design, and are the oldest only where nothing else waits.
    for row in waiting.annotate(jobs=Count("pk"), oldest=Min("available_at")).order_by("-priority"):
        state, is_training = _of(states, row["queue"]), row["purpose"] == Purpose.TRAIN
        state.waiting += row["jobs"]
        if state.oldest is None or not is_training:
            state.oldest = min(filter(None, (state.oldest, row["oldest"])))
        if not is_training:
            measured = times.of(row["engine"], row["queue"])
            state.work = None if state.work is None or measured is None else state.work + row["jobs"] * measured.cost
        priorities[state.name][row["priority"]] += row["jobs"]
    _add_trainings(states)
    for queue, counts in priorities.items():
        levels = sorted(counts, reverse=True)
        states[queue].by_priority = [(str(Priority(level).label), counts[level]) for level in levels]


def _add_trainings(states: dict[str, QueueState]) -> None:
    trainings = Job.objects.filter(state=JobState.QUEUED, purpose=Purpose.TRAIN)
    left = seconds_left()
    for job_id, queue in trainings.values_list("pk", "queue"):
        state = _of(states, queue)
        state.work = None if state.work is None else state.work + left.get(job_id, 0.0)


def _add_endings(states: dict[str, QueueState]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ENDINGS, {"lately": LATELY_SECONDS, "most": MOST_COUNTED})
        rows = cursor.fetchall()
    is_more = sum(count for *_, count in rows) >= MOST_COUNTED
    for queue, outcome, count in rows:
        state = _of(states, queue)
        state.is_more = is_more
        if outcome == Outcome.SUCCEEDED:
            state.finished += count
        elif outcome in _BAD:
            state.failed += count


def _together(attempts: Iterable[Attempt]) -> int:
    return max((attempt.batch for attempt in attempts), default=1)


def _visible_preview(job: Job) -> str:
    """Nothing of a work made again to compare: the first one may be one that nobody is shown."""
    return job.preview_url if job.purpose == Purpose.WORK else ""
