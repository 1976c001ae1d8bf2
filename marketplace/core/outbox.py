"""The transactional outbox: what a room has to tell commits with the change itself, and is told afterwards.

`emit` is for events that other rooms subscribed to: the row is done when every subscriber has returned, so a crash
repeats and never loses. `wake` sends one message to one actor whose truth is another row (a job): done once sent.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import dramatiq
import structlog
from django.db import connection, transaction
from django.utils import timezone

from marketplace.core import notify
from marketplace.core.models import OutboxEvent

log = structlog.get_logger(__name__)

Handler = Callable[[str], None]
CHANNEL = "outbox"
VISIBILITY = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)

_subscribers: defaultdict[str, list[Handler]] = defaultdict(list)


class OutsideTransaction(RuntimeError):
    """An event was emitted outside a transaction, where it could be told of a change that is then undone."""


def subscribe(topic: str) -> Callable[[Handler], Handler]:
    """Register an idempotent `handler(subject_id)` for `topic`; it lives in its app's `handlers.py`."""

    def register(handler: Handler) -> Handler:
        _subscribers[topic].append(handler)
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
    """Send what is due to the broker and return how many rows were sent; safe to run in several processes."""
    broker = dramatiq.get_broker()
    with transaction.atomic():
        rows = list(
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, due_at__lte=timezone.now())
            .order_by("due_at", "id")[:limit]
        )
        for row in rows:
            actor = broker.get_actor(row.actor or "deliver")
            broker.enqueue(actor.message(row.subject_id if row.actor else row.pk))
        _mark_sent(rows)
    return len(rows)


def _mark_sent(rows: list[OutboxEvent]) -> None:
    now = timezone.now()
    for row in rows:
        row.attempts += 1
        if row.actor:
            row.done_at = now
        else:
            # Not done until its handlers returned: should the message be lost, it is due again.
            row.due_at = now + max(VISIBILITY, pause(row.attempts))
    OutboxEvent.objects.bulk_update(rows, ["attempts", "due_at", "done_at"])


def pause(attempts: int) -> timedelta:
    """How long to wait before the next try: 1 s, 2 s, 4 s … up to ten minutes."""
    return min(timedelta(seconds=2 ** min(attempts - 1, 12)), LONGEST_PAUSE)


def deliver(event_id: int) -> None:
    """Run every subscriber of one event and mark it done; what fails is due again after a pause."""
    row = OutboxEvent.objects.filter(pk=event_id, done_at=None).first()
    if row is None:
        return
    try:
        for handler in _subscribers[row.topic]:
            handler(row.subject_id)
    except Exception as error:
        due_at = timezone.now() + pause(row.attempts)
        OutboxEvent.objects.filter(pk=row.pk).update(last_error=f"{type(error).__name__}: {error}", due_at=due_at)
        log.exception("event.handler_failed", topic=row.topic, subject=row.subject_id, attempts=row.attempts)
        return
    OutboxEvent.objects.filter(pk=row.pk).update(done_at=timezone.now(), last_error="")
