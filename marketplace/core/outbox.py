"""The transactional outbox: what a room has to tell commits with the change itself, and is told afterwards.

`emit` is for events that other rooms subscribed to: the row is done when every subscriber has returned, so a crash
repeats and never loses. `wake` sends one message to one actor whose truth is another row (a job): done once sent.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import dramatiq
import structlog
from django.db import connection, transaction
from django.db.models import Count, DurationField, ExpressionWrapper, Min, Q
from django.db.models.functions import Now

from marketplace.core.audit import acting_as
from marketplace.core.models import OutboxEvent

log = structlog.get_logger(__name__)

Handler = Callable[[str], None]
Among = Callable[[Collection[str]], Collection[str]]
ParcelHandler = Callable[[Sequence[str]], None]
CHANNEL = "outbox"
# Told and announced in one statement: this is in the way of everything that changes.
_STORE = """
    WITH told AS (
        INSERT INTO core_outboxevent (topic, actor, subject_id, attempts, last_error)
        SELECT %s, %s, subject, 0, '' FROM unnest(%s::text[]) WITH ORDINALITY AS given (subject, place) ORDER BY place)
    SELECT pg_notify(%s, '')
"""
# What is due is taken and marked in one statement, before it is sent: where sending fails, none of it has happened. A
# wake is done with that. An event is not, until its handlers returned: should its message be lost, it is due again.
_TAKE = """
    UPDATE core_outboxevent AS one SET
        attempts = one.attempts + 1,
        done_at = CASE WHEN one.actor <> '' THEN now() END,
        due_at = CASE WHEN one.actor <> '' THEN one.due_at ELSE
            now() + make_interval(secs => greatest(%(visibility)s, least(2 ^ least(one.attempts, 12), %(longest)s))) END
    FROM (SELECT id FROM core_outboxevent WHERE done_at IS NULL AND due_at <= now()
          ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS due
    WHERE one.id = due.id RETURNING one.id, one.actor, one.subject_id
"""
VISIBILITY = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
WAKES_AT_ONCE = 16  # more workers than that are woken by the next ones, or by each other
PARCELS = 4  # into so many messages the events of one go are parted

_subscribers: "defaultdict[str, list[Subscriber | ParcelSubscriber]]" = defaultdict(list)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A handler, and how it picks those among many subjects that concern it."""

    handle: Handler
    among: Among | None

    def concerned(self, subject_ids: Collection[str]) -> Collection[str]:
        return subject_ids if self.among is None else self.among(subject_ids)

    def parcels(self, subject_ids: Collection[str]) -> Iterator[tuple[Sequence[str], Callable[[], None]]]:
        """What to call, and for which subjects: once for each that concerns it."""
        for subject_id in self.concerned(subject_ids):
            yield [subject_id], partial(self.handle, subject_id)


@dataclass(frozen=True, slots=True)
class ParcelSubscriber:
    """A handler that does with many subjects at once what would cost as much for each."""

    handle: ParcelHandler

    def parcels(self, subject_ids: Collection[str]) -> Iterator[tuple[Sequence[str], Callable[[], None]]]:
        """All of them in one call."""
        together = sorted(subject_ids)
        yield together, partial(self.handle, together)


class OutsideTransaction(RuntimeError):
    """An event was emitted outside a transaction, where it could be told of a change that is then undone."""


def subscribe(topic: str, *, among: Among | None = None) -> Callable[[Handler], Handler]:
    """Register an idempotent `handler(subject_id)` for `topic`; it lives in its app's `handlers.py`.

    Where few of many subjects concern it, `among` picks them in one query, and it is called for these alone.
    """

    def register(handler: Handler) -> Handler:
        _subscribers[topic].append(Subscriber(handler, among))
        return handler

    return register


def subscribe_parcels(topic: str) -> Callable[[ParcelHandler], ParcelHandler]:
    """Register an idempotent `handler(subject_ids)` that is called with all subjects of a message at once.

    What it raises holds for all of them.
    """

    def register(handler: ParcelHandler) -> ParcelHandler:
        _subscribers[topic].append(ParcelSubscriber(handler))
        return handler

    return register


def emit(topic: str, *subject_ids: UUID | str) -> None:
    """Tell `topic`'s subscribers of each subject once the present transaction has committed.

    Raises OutsideTransaction.
    """
    _store(subject_ids, topic=topic)


def wake(actor_name: str, *subject_ids: UUID | str) -> None:
    """Send each subject to one actor once the present transaction has committed.

    Raises OutsideTransaction.
    """
    _store(subject_ids, actor=actor_name)


def _store(subject_ids: Sequence[UUID | str], *, topic: str = "", actor: str = "") -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction(topic or actor)
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [topic, actor, [str(subject_id) for subject_id in subject_ids], CHANNEL])


def relay(*, limit: int = 500) -> int:
    """Send what is due to the broker and return how many rows were dealt with; safe to run in several processes.

    Wakes of one actor in one go are one and the same nudge: a few are sent, for as many idle workers. Events are sent
    one a message, or in small parcels when many are due. All times are the database's: a relay whose clock is wrong
    neither hurries nor delays anything. Raises what the broker raises, and then nothing counts as sent.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            waits = {"visibility": VISIBILITY.total_seconds(), "longest": LONGEST_PAUSE.total_seconds()}
            cursor.execute(_TAKE, {"limit": limit, **waits})
            rows = sorted(cursor.fetchall())
        _send_wakes([(actor, subject_id) for _, actor, subject_id in rows if actor])
        _send_events([pk for pk, actor, _ in rows if not actor])
    return len(rows)


def _send_wakes(wakes: Sequence[tuple[str, str]]) -> None:
    broker = dramatiq.get_broker()
    sent: Counter[str] = Counter()
    for actor, subject_id in wakes:
        if sent[actor] < WAKES_AT_ONCE:
            sent[actor] += 1
            broker.enqueue(broker.get_actor(actor).message(subject_id))


def _send_events(event_ids: Sequence[int]) -> None:
    broker = dramatiq.get_broker()
    actor = broker.get_actor("deliver")
    size = max(1, len(event_ids) // PARCELS)
    for start in range(0, len(event_ids), size):
        broker.enqueue(actor.message(list(event_ids[start : start + size])))


def pause(attempts: int) -> timedelta:
    """How long to wait before the next try: 1 s, 2 s, 4 s … up to ten minutes."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 12)), LONGEST_PAUSE)


def deliver(event_ids: Sequence[int]) -> None:
    """Run every subscriber of some events and mark these done; what fails is due again after a pause."""
    rows = OutboxEvent.objects.filter(pk__in=event_ids, done_at=None).order_by("topic", "pk")
    for topic, told in groupby(rows, key=attrgetter("topic")):
        events = list(told)
        failures = _tell(topic, {row.subject_id for row in events})
        for row in events:
            if row.subject_id in failures:
                due_at = Now() + pause(row.attempts)
                OutboxEvent.objects.filter(pk=row.pk).update(last_error=failures[row.subject_id], due_at=due_at)
        done = [row.pk for row in events if row.subject_id not in failures]
        OutboxEvent.objects.filter(pk__in=done).update(done_at=Now(), last_error="")


def _tell(topic: str, subject_ids: Collection[str]) -> dict[str, str]:
    """Call the subscribers; return what went wrong, by subject."""
    failures: dict[str, str] = {}
    for subscriber in _subscribers[topic]:
        try:
            for concerned, handle in subscriber.parcels(subject_ids):
                failures |= _handle(topic, concerned, handle)
        except Exception as error:  # of what picks the subjects: then none of them was told
            log.exception("event.handler_failed", topic=topic, subjects=len(subject_ids))
            failures |= dict.fromkeys(subject_ids, f"{type(error).__name__}: {error}")
    return failures


def _handle(topic: str, subject_ids: Sequence[str], handle: Callable[[], None]) -> dict[str, str]:
    """Call one handler; return what went wrong, by subject."""
    try:
        with acting_as(f"event {topic}", request_id=subject_ids[0] if len(subject_ids) == 1 else ""):
            handle()
    except Exception as error:
        log.exception("event.handler_failed", topic=topic, subject=subject_ids[0], subjects=len(subject_ids))
        return dict.fromkeys(subject_ids, f"{type(error).__name__}: {error}")
    return {}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many events are not told yet, how many seconds the oldest is overdue, and how many have failed."""

    rows: int
    late: float
    failing: int


def standing() -> Standing:
    """How the outbox stands, by the database's clock."""
    told = OutboxEvent.objects.filter(done_at=None).aggregate(
        rows=Count("pk"),
        failing=Count("pk", filter=~Q(last_error="")),
        age=ExpressionWrapper(Now() - Min("due_at"), output_field=DurationField()),
    )
    late = told["age"].total_seconds() if told["age"] else 0.0
    return Standing(told["rows"], max(0.0, late), told["failing"])
