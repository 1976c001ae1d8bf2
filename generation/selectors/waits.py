"""How long a job has to wait: its place in line, the work before it by measured run times, and who is there to do it.

An estimate of this moment. It knows nothing of paid commissions that come later and go first, nor of limits that hold
some people's jobs back; what waits together may be made together, and then goes faster. A training that runs is in the
way of other trainings alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Min
from django.db.models.functions import Now

from generation.engines import registry
from generation.models import Job, JobState, Purpose, Worker
from generation.selectors.run_times import RunTime, RunTimes, run_times
from generation.selectors.training_times import TELLING, seconds_left

ALIVE = timedelta(seconds=20)  # four beats of a worker
MAKES_WAY = 5.0  # seconds in which a training is put off, about: three until it is asked to, two until it looks
# Both in the order of `Job.objects.waiting`. What is before one job is counted by engine, and trainings are named, in
# one look at the queue …
_BEFORE_ONE = """
    SELECT engine, CASE WHEN purpose = 'train' THEN id END AS training, count(*) FROM generation_job
    WHERE state = 'queued' AND queue = %(queue)s AND available_at <= now()
      AND (priority > %(priority)s OR (priority = %(priority)s AND (turn, id) < (%(turn)s, %(id)s)))
    GROUP BY engine, training
"""
# … and before several in one walk along the queue, no further than to the last of them.
_BEFORE_EACH = """
    WITH last AS (SELECT priority, turn, id FROM generation_job WHERE id = ANY(%(ids)s)
                  ORDER BY priority, turn DESC, id DESC LIMIT 1)
    SELECT id, place, work FROM (
        SELECT job.id, count(*) OVER before AS place,
               sum(coalesce(training.seconds, cost.seconds, %(usual)s)) OVER before AS work
        FROM last, generation_job AS job
        LEFT JOIN unnest(%(engines)s::text[], %(costs)s::float8[]) AS cost (engine, seconds) ON cost.engine = job.engine
        LEFT JOIN unnest(%(trainings)s::uuid[], %(left)s::float8[]) AS training (id, seconds) ON training.id = job.id
        WHERE job.state = 'queued' AND job.queue = %(queue)s AND (job.available_at <= now() OR job.id = ANY(%(ids)s))
          AND (job.priority > last.priority
               OR (job.priority = last.priority AND (job.turn, job.id) <= (last.turn, last.id)))
        WINDOW before AS (ORDER BY job.priority DESC, job.turn, job.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) AS line WHERE id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What can be said now: None for seconds that nobody can tell, because nobody works or nothing was measured."""

    position: int  # jobs before it
    seconds: float | None  # until a worker begins
    ready_in: float | None  # until the work is there
    workers: int  # that take jobs from its queue; 0: nobody does at present


@dataclass(frozen=True, slots=True)
class _Lease:
    """Jobs that are being made together, and how much of a worker's time they still need."""

    token: UUID | None
    worker: str
    queue: str
    left: float | None
    is_training: bool


@dataclass(frozen=True, slots=True)
class _Costs:
    """What jobs take: by their engine, and trainings each by itself."""

    times: RunTimes
    trainings: Mapping[UUID, float]

    def of(self, job: Job) -> RunTime | None:
        left = self.trainings.get(job.pk)
        return self.times.of(job.engine, job.queue) if left is None else RunTime(left, left)


@dataclass(frozen=True, slots=True)
class _Hand:
    """A worker, from when on it is free, and which part of its time is for the queue in question."""

    free: float
    share: float


def estimate_wait(job: Job) -> Wait | None:
    """The wait of a queued job, or what is left of a running one; None once it is over."""
    return estimate_waits([job]).get(job.pk)


def estimate_waits(jobs: Iterable[Job]) -> dict[UUID, Wait]:
    """The waits of those of the jobs that are not over, in a handful of queries however many they are."""
    open_jobs = [job for job in jobs if not job.is_final]
    if not open_jobs:
        return {}
    costs = _Costs(run_times(), seconds_left())
    leases = _leases(costs)
    by_token = {lease.token: lease for lease in leases}
    waits: dict[UUID, Wait] = {}
    for job in open_jobs:
        if job.state == JobState.RUNNING:
            lease = by_token.get(job.lease_token)
            waits[job.pk] = Wait(position=0, seconds=0.0, ready_in=_rounded(lease.left if lease else None), workers=1)
    queued = sorted((job for job in open_jobs if job.state == JobState.QUEUED), key=attrgetter("queue"))
    for queue, together in groupby(queued, key=attrgetter("queue")):
        waits |= _waits_in(queue, list(together), costs, leases)
    return waits


def _waits_in(queue: str, jobs: Sequence[Job], costs: _Costs, leases: Sequence[_Lease]) -> dict[UUID, Wait]:
    places = _place_of_one(jobs[0], costs) if len(jobs) == 1 else _places(queue, jobs, costs)
    pauses, crews = _pauses(jobs), {}
    waits = {}
    for job in jobs:
        is_training = job.purpose == Purpose.TRAIN
        if is_training not in crews:
            crews[is_training] = _hands(queue, leases, is_training)
        (hands, crew), own = crews[is_training], costs.of(job)
        place, work = places.get(job.pk, (0, 0.0))
        seconds = None if own is None or not hands else max(_start_after(work, hands), pauses.get(job.pk, 0.0))
        ready_in = None if own is None or seconds is None else seconds + own.span
        waits[job.pk] = Wait(position=place, seconds=_rounded(seconds), ready_in=_rounded(ready_in), workers=crew)
    return waits


def _place_of_one(job: Job, costs: _Costs) -> dict[UUID, tuple[int, float]]:
    """How many jobs are before it, and how many seconds of work they are."""
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"queue": job.queue, "priority": job.priority, "turn": job.turn, "id": job.pk}
        cursor.execute(_BEFORE_ONE, given)
        before = cursor.fetchall()
    work = 0.0
    for engine, training, count in before:
        time = costs.times.of(engine, job.queue)
        work += costs.trainings.get(training, time.cost * count if time else 0.0)
    return {job.pk: (sum(count for *_, count in before), work)}


def _places(queue: str, jobs: Sequence[Job], costs: _Costs) -> dict[UUID, tuple[int, float]]:
    """The same for several."""
    usual, measured, trainings = costs.times.queues.get(queue), costs.times.engines, costs.trainings
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"queue": queue, "ids": [job.pk for job in jobs], "usual": usual.cost if usual else 0.0}
        given |= {"engines": list(measured), "costs": [time.cost for time in measured.values()]}
        given |= {"trainings": list(trainings), "left": list(trainings.values())}
        cursor.execute(_BEFORE_EACH, given)
        return {job_id: (place, work or 0.0) for job_id, place, work in cursor.fetchall()}


def _pauses(jobs: Sequence[Job]) -> dict[UUID, float]:
    """Of jobs that had a fault, the seconds until they are tried again."""
    faulty = Job.objects.filter(pk__in=[job.pk for job in jobs if job.faults])
    left = ExpressionWrapper(F("available_at") - Now(), DurationField())
    pauses = faulty.annotate(left=left).values_list("pk", "left") if any(job.faults for job in jobs) else []
    return {job_id: pause.total_seconds() for job_id, pause in pauses}


def _leases(costs: _Costs) -> list[_Lease]:
    """Everything that is being made just now, by the database's clock; as many rows as workers are at work."""
    elapsed = ExpressionWrapper(Now() - Min("started_at"), DurationField())
    # PostgreSQL knows no least uuid: of a training, which is alone in its lease, the array's only one.
    rows = (
        Job.objects.filter(state=JobState.RUNNING, lease_expires_at__gt=Now())
        .values("lease_token", "worker", "queue", "engine", "purpose")
        .annotate(jobs=Count("pk"), done=Avg("progress"), elapsed=elapsed, ids=ArrayAgg("pk"))
    )
    leases = []
    for row in rows:
        time, is_training = costs.times.of(row["engine"], row["queue"]), row["purpose"] == Purpose.TRAIN
        seconds = row["elapsed"].total_seconds() if row["elapsed"] else 0.0
        left = costs.trainings.get(row["ids"][0]) if is_training else None
        if not is_training:
            left = _left(seconds, row["done"], time.cost * row["jobs"] if time else None)
        leases.append(_Lease(row["lease_token"], row["worker"], row["queue"], left, is_training))
    return leases


def _left(elapsed: float, done: float, usual: float | None) -> float | None:
    """What is left of work in progress: by its progress once that tells something, else by what such work takes."""
    if done >= TELLING:
        return elapsed * (1 - done) / done
    # Past its usual time nobody knows: a tenth more.
    return None if usual is None else max(usual - elapsed, usual / 10)


def _hands(queue: str, leases: Sequence[_Lease], for_training: bool) -> tuple[list[_Hand], int]:
    """The workers of a queue, soonest free first, and how many they are; no hands where nobody knows when one is free.

    A worker of several queues gives each that waits its share. One that trains makes way for what is no training.
    """
    alive = Worker.objects.filter(beat_at__gt=Now() - ALIVE, queues__contains=[queue])
    queues: dict[str, list[str]] = dict(alive.values_list("name", "queues"))
    busy = {lease.worker: lease for lease in leases if lease.worker in queues or lease.queue == queue}
    others = set().union(*queues.values()) - {queue}
    waiting = {other for other in others if Job.objects.waiting(other).exists()}
    hands = []
    for name in queues.keys() | busy.keys():
        lease = busy.get(name)
        free = lease.left if lease else 0.0
        if lease and lease.is_training and not for_training:
            free = MAKES_WAY
        if free is None:
            return [], len(queues.keys() | busy.keys())
        hands.append(_Hand(free, 1 / (1 + len(waiting & set(queues.get(name, []))))))
    return sorted(hands, key=attrgetter("free")), len(hands)


def _start_after(work: float, hands: Sequence[_Hand]) -> float:
    """When so many seconds of work are done, or in hand, by workers that come free one after the other."""
    speed = 0.0
    for hand, following in pairwise(hands):
        speed += hand.share
        done = speed * (following.free - hand.free)
        if work <= done:
            return hand.free + work / speed
        work -= done
    return hands[-1].free + work / (speed + hands[-1].share)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def seconds_each(engine: str) -> float | None:
    """How often one work of an engine comes from the workers of its queue, if they did nothing else, in seconds.

    None where nothing was measured, or nobody is there. Raises UnknownEngine.
    """
    queue = registry.declaration(engine).resource
    time = run_times().of(engine, queue)
    workers = Worker.objects.filter(beat_at__gt=Now() - ALIVE, queues__contains=[queue]).count()
    return time.cost / workers if time is not None and workers else None
