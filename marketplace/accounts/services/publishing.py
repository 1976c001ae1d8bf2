"""Telling programs what happened: written down with the change, sent after the commit.

    from marketplace.accounts import services as accounts

    accounts.publish(
        people=[order.buyer_id, order.seller_id], event_type="order.paid", key=str(order.pk),
        data={"order": str(order.pk), "amount": order.amount, "currency": order.currency},
    )

It is called in the transaction of the change, as `outbox.emit` is. `key` names what is told of: the same type and key
is one event, however often a handler runs. Data is JSON: ids, amounts in minor units, no secrets and nobody's address.
Types are declared in `accounts/models/events.py`.
"""

import json
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from marketplace.accounts.models import EVENT_TYPES, EVERYTHING, EndpointState, WebhookDelivery, WebhookEndpoint
from marketplace.core import outbox

ACTOR = "send_webhooks"
NAMESPACE = uuid.UUID("3b0c6f0e-6a6b-4c26-9d1e-2f3f5f2b7a51")  # drawn once: ids of events are made from it
TRIED_FOR = timedelta(days=3)
LARGEST_BYTES = 64_000


def publish(*, people: Collection[UUID], event_type: str, key: str, data: Mapping[str, Any]) -> None:
    """Tell the endpoints of these people, by their ids, of one event.

    Raises OutsideTransaction; ValueError for an unknown type, a missing key, or more than 64 kB.
    """
    if event_type not in EVENT_TYPES:
        raise ValueError(f"{event_type!r} is no event type: declare it in accounts/models/events.py")
    if not key:
        raise ValueError("an event's key names what is told of")
    if not connection.in_atomic_block:
        raise outbox.OutsideTransaction(f"webhook {event_type}")
    listening = WebhookEndpoint.objects.filter(owner__in=people, event_types__overlap=[event_type, EVERYTHING])
    endpoints = list(listening.exclude(state=EndpointState.OFF).values_list("pk", flat=True))
    if not endpoints:
        return  # the usual case costs one look into an index
    now = timezone.now()
    payload = event_payload(event_type, now, data)
    event_id = uuid.uuid5(NAMESPACE, f"{event_type}:{key}")
    made = [
        WebhookDelivery(
            endpoint_id=pk, event_id=event_id, event_type=event_type, payload=payload, give_up_at=now + TRIED_FOR
        )
        for pk in endpoints
    ]
    WebhookDelivery.objects.bulk_create(made, ignore_conflicts=True)
    outbox.wake(ACTOR, event_id)


def event_payload(event_type: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent, as JSON keeps it. Raises ValueError where it is too large."""
    text = json.dumps({"type": event_type, "timestamp": at, "data": dict(data)}, cls=DjangoJSONEncoder)
    if len(text) > LARGEST_BYTES:
        raise ValueError(f"an event has at most {LARGEST_BYTES} bytes; this one has {len(text)}")
    payload: dict[str, Any] = json.loads(text)
    return payload


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The very bytes that are signed and sent: the same at every try."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
