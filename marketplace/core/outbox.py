"""The transactional outbox: what a room has to tell commits with the change itself, and is told afterwards.

`emit` is for events that other rooms subscribed to: the row is done when every subscriber has returned, so a crash
repeats and never loses. `wake` sends one message to one actor whose truth is another row (a job): done once sent.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import dramatiq
import structlog
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from marketplace.core import notify
from marketplace.core.models import OutboxEvent

log = structlog.get_logger(__name__)

Handler = Callable[[str], None]
Among = Callable[[Collection[str]], Collection[str]]
CHANNEL = "outbox"
VISIBILITY = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
WAKES_AT_ONCE = 16  # more workers than that are woken by the next ones, or by each other
PARCELS = 8  # into so many messages the events of one go are parted

_subscribers: "defaultdict[str, list[Subscriber]]" = defaultdict(list)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A handler, and how it picks those among many subjects that concern it."""

    handle: Handler
    among: Among | None

    def concerned(self, subject_ids: Collection[str]) -> Collection[str]:
        return subject_ids if self.among is None else self.among(subject_ids)


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


def emit(topic: str, *subject_ids: UUID | str) -> None:
    """Tell `topic`'s subscribers of each subject once the present transaction has committed.

    Raises OutsideTransaction.
    """
    _store(subject_ids, topic=topic)


def wake(actor_name: str, subject_id: UUID | str) -> None:
    """Send `subject_id` to one actor once the present transaction has committed.

    Raises OutsideTransaction.
    """
    _store([subject_id], actor=actor_name)


def _store(subject_ids: Sequence[UUID | str], *, topic: str = "", actor: str = "") -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction(topic or actor)
    OutboxEvent.objects.bulk_create(
        OutboxEvent(topic=topic, actor=actor, subject_id=str(subject_id)) for subject_id in subject_ids
    )
    notify.publish(CHANNEL)


def relay(*, limit: int = 200) -> int:
    """Send what is due to the broker and return how many rows were dealt with; safe to run in several processes.

    Wakes of one actor in one go are one and the same nudge: a few are sent, for as many idle workers. Events are sent
    one a message, or in small parcels when many are due. All times are the database's: a relay whose clock is wrong
    neither hurries nor delays anything. Raises what the broker raises, and then nothing counts as sent.
    """
    with transaction.atomic():
        due = OutboxEvent.objects.filter(done_at=None, due_at__lte=Now()).order_by("due_at", "id")
        rows = list(due.select_for_update(skip_locked=True).only("id", "actor", "subject_id", "attempts")[:limit])
        wakes = [row for row in rows if row.actor]
        events = [row for row in rows if not row.actor]
        _send_wakes(wakes)
        _send_events(events)
        if wakes:
            OutboxEvent.objects.filter(pk__in=[row.pk for row in wakes]).update(
                attempts=F("attempts") + 1, done_at=Now()
            )
        for attempts, alike in groupby(sorted(events, key=attrgetter("attempts")), key=attrgetter("attempts")):
            # Not done until its handlers returned: should the message be lost, it is due again.
            OutboxEvent.objects.filter(pk__in=[row.pk for row in alike]).update(
                attempts=attempts + 1, due_at=Now() + max(VISIBILITY, pause(attempts + 1))
            )
    return len(rows)


def _send_wakes(rows: Sequence[OutboxEvent]) -> None:
    broker = dramatiq.get_broker()
    sent: Counter[str] = Counter()
    for row in rows:
        if sent[row.actor] < WAKES_AT_ONCE:
            sent[row.actor] += 1
            broker.enqueue(broker.get_actor(row.actor).message(row.subject_id))


def _send_events(rows: Sequence[OutboxEvent]) -> None:
    broker = dramatiq.get_broker()
    actor = broker.get_actor("deliver")
    size = max(1, len(rows) // PARCELS)
    for start in range(0, len(rows), size):
        broker.enqueue(actor.message([row.pk for row in rows[start : start + size]]))


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
            concerned = subscriber.concerned(subject_ids)
        except Exception as error:
            log.exception("event.handler_failed", topic=topic, subjects=len(subject_ids))
            failures |= dict.fromkeys(subject_ids, f"{type(error).__name__}: {error}")
            continue
        for subject_id in concerned:
            try:
                subscriber.handle(subject_id)
            except Exception as error:
                log.exception("event.handler_failed", topic=topic, subject=subject_id)
                failures[subject_id] = f"{type(error).__name__}: {error}"
    return failures
