"""The outbox's courier, and the sweeping of core's own tables."""

from datetime import timedelta

import dramatiq
from django.utils import timezone

from marketplace.core import outbox
from marketplace.core.broker import IO
from marketplace.core.models import IdempotencyRecord, OutboxEvent
from marketplace.core.periodic import periodic

KEEP_EVENTS = timedelta(days=7)
KEEP_KEYS = timedelta(days=2)


@dramatiq.actor(actor_name="deliver", queue_name=IO)
def deliver(event_ids: list[int]) -> None:
    """Hand events to their subscribers."""
    outbox.deliver(event_ids)


@periodic(seconds=3600)
def forget_old_events() -> None:
    """Delete what was told long ago, and idempotency keys past their day."""
    now = timezone.now()
    OutboxEvent.objects.filter(done_at__lt=now - KEEP_EVENTS).delete()
    IdempotencyRecord.objects.filter(created_at__lt=now - KEEP_KEYS).delete()
