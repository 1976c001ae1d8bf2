"""How the works in the making stand, for those who run the house. Bounded, whatever the tables hold."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean

from django.db.models import Count, Min
from django.utils import timezone

from generation.models import Attempt, Job, JobState, Outcome, Priority, Worker

LATELY = timedelta(minutes=5)
SILENT = timedelta(seconds=20)
MOST_ATTEMPTS, MOST_RUNNING, MOST_FAILURES = 1000, 24, 10
_BAD = (Outcome.FAILED, Outcome.RETRIED, Outcome.LOST)


@dataclass(slots=True, kw_only=True)
class QueueState:
    """One queue: what waits, what runs, and what came of the last five minutes."""

    name: str
    waiting: int = 0
    by_priority: list[tuple[str, int]] = field(default_factory=list)
    oldest: datetime | None = None
    running: int = 0
    workers: int = 0
    finished: int = 0
    failed: int = 0
    seconds: float | None = None  # what one job took on average

    @property
    def drains_in(self) -> float | None:
        """Seconds until nothing waits, if nobody else comes."""
        if self.seconds is None or not self.workers:
            return None
        return self.waiting * self.seconds / self.workers


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """One worker process and what it does now."""

    worker: Worker
    jobs: list[Job]
    is_silent: bool

    @property
    def memory_share(self) -> float | None:
        return self.worker.memory_used / self.worker.memory_total if self.worker.memory_total else None


def queue_states() -> list[QueueState]:
    """Every queue in which something waits, runs, ran lately, or for which a worker is there."""
    states: defaultdict[str, QueueState] = defaultdict(lambda: QueueState(name=""))
    priorities: defaultdict[str, Counter[int]] = defaultdict(Counter)
    waiting = Job.objects.filter(state=JobState.QUEUED).values("queue", "priority")
    for row in waiting.annotate(jobs=Count("pk"), oldest=Min("available_at")):
        state = states[row["queue"]]
        state.waiting += row["jobs"]
        state.oldest = min(filter(None, (state.oldest, row["oldest"])))
        priorities[row["queue"]][row["priority"]] += row["jobs"]
    for queue, jobs in Job.objects.filter(state=JobState.RUNNING).values_list("queue").annotate(Count("pk")):
        states[queue].running = jobs
    for worker in Worker.objects.filter(beat_at__gt=timezone.now() - SILENT).only("queues"):
        for queue in worker.queues:
            if queue != "io":
                states[queue].workers += 1
    _add_recent(states)
    for name, state in states.items():
        state.name = name
        state.by_priority = [
            (str(Priority(level).label), priorities[name][level]) for level in sorted(priorities[name])
        ]
    return sorted(states.values(), key=lambda state: state.name)


def worker_states() -> list[WorkerState]:
    """The workers, those that paint first, each with the jobs it holds."""
    jobs: defaultdict[str, list[Job]] = defaultdict(list)
    for job in Job.objects.filter(state=JobState.RUNNING).only("id", "engine", "worker")[:500]:
        jobs[job.worker].append(job)
    late = timezone.now() - SILENT
    states = [
        WorkerState(worker=worker, jobs=jobs[worker.name], is_silent=worker.beat_at < late)
        for worker in Worker.objects.defer("samples")
    ]
    return sorted(states, key=lambda state: ("io" in state.worker.queues, state.worker.name))


def running_jobs() -> list[Job]:
    """What is being made, longest first."""
    running = Job.objects.filter(state=JobState.RUNNING).select_related("owner").order_by("started_at")
    return list(running[:MOST_RUNNING])


def last_failures() -> list[Attempt]:
    """The last attempts that came to nothing, whether tried again or not."""
    attempts = Attempt.objects.filter(outcome__in=_BAD).order_by("-ended_at").select_related("job__owner")
    return list(attempts[:MOST_FAILURES])


def dead_letters() -> int:
    """How many jobs the house gave up and nobody has looked at."""
    return Job.objects.filter(dead_at__isnull=False).count()


def _add_recent(states: "defaultdict[str, QueueState]") -> None:
    lately = Attempt.objects.filter(ended_at__gt=timezone.now() - LATELY).order_by("-ended_at")
    rows = lately.values_list("job__queue", "outcome", "started_at", "ended_at", "batch")
    took: defaultdict[str, list[float]] = defaultdict(list)
    for queue, outcome, started_at, ended_at, batch in rows[:MOST_ATTEMPTS]:
        if outcome == Outcome.SUCCEEDED and ended_at is not None:
            states[queue].finished += 1
            took[queue].append((ended_at - started_at).total_seconds() / batch)
        elif outcome in _BAD:
            states[queue].failed += 1
    for queue, seconds in took.items():
        states[queue].seconds = fmean(seconds)
