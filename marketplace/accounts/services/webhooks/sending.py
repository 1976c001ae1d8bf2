"""Sending what is due: many endpoints at a time, each with one request at a time, all from one of the house's threads.

One process of the house sends at a time (`slot`), so that strangers' slow servers hold one worker's thread and no
more, while its own threads, which touch no database, wait for them. A delivery is claimed before it is sent and
recorded after: a process that dies in between leaves it to be sent again, with the same id.
"""

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from marketplace.accounts.models import WebhookDelivery, WebhookEndpoint
from marketplace.accounts.services.publishing import body_of
from marketplace.accounts.services.webhooks.breaker import record
from marketplace.accounts.services.webhooks.signing import SecretLost, signature_headers
from marketplace.core import outgoing
from marketplace.core.outgoing import AddressRefused, Answer, NoAnswer
from marketplace.core.slots import slot

AT_ONCE = 16
BUSY = timedelta(seconds=60)  # longer than any request: after that its process has died
GO_ON_SECONDS = 60.0
# Of every endpoint that has something due, is not being asked, and is open or due for a probe: the oldest delivery.
_CLAIM = """
    WITH free AS (
        SELECT endpoint.id FROM accounts_webhookendpoint AS endpoint
        WHERE (endpoint.busy_until IS NULL OR endpoint.busy_until < now())
          AND (endpoint.state = 'active' OR (endpoint.state = 'paused' AND endpoint.probe_at <= now()))
          AND EXISTS (SELECT FROM accounts_webhookdelivery AS due
                      WHERE due.endpoint_id = endpoint.id AND due.state = 'pending' AND due.due_at <= now())
        LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), busy AS (
        UPDATE accounts_webhookendpoint AS endpoint SET busy_until = now() + make_interval(secs => %(busy)s)
        FROM free WHERE endpoint.id = free.id RETURNING endpoint.id
    ), chosen AS (
        SELECT oldest.id FROM busy CROSS JOIN LATERAL (
            SELECT due.id FROM accounts_webhookdelivery AS due
            WHERE due.endpoint_id = busy.id AND due.state = 'pending' AND due.due_at <= now()
            ORDER BY due.due_at, due.id LIMIT 1) AS oldest
    )
    UPDATE accounts_webhookdelivery AS delivery SET attempts = attempts + 1
    FROM chosen WHERE delivery.id = chosen.id RETURNING delivery.id
"""


def send_due() -> bool:
    """Send what is due, for a minute at most; returns whether somebody should go on."""
    with slot("webhooks") as is_mine:
        if not is_mine:
            return False
        return _send()


def _send() -> bool:
    stop_at = time.monotonic() + GO_ON_SECONDS
    running: dict[Future[Answer | str], UUID] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as threads:
        while True:
            is_open = time.monotonic() < stop_at
            if is_open:
                for delivery in _claimed(AT_ONCE - len(running)):
                    running[threads.submit(_post, delivery)] = delivery.pk
            if not running:
                return not is_open
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                _record(running.pop(future), future.result())


def _claimed(limit: int) -> Iterator[WebhookDelivery]:
    if limit == 0:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"limit": limit, "busy": BUSY.total_seconds()})
        claimed = [pk for (pk,) in cursor.fetchall()]
    yield from WebhookDelivery.objects.filter(pk__in=claimed).select_related("endpoint")


def _post(delivery: WebhookDelivery) -> Answer | str:
    """The answer, or why there was none. Runs beside others, without the database."""
    body = body_of(delivery.payload)
    try:
        signature = signature_headers(delivery.endpoint, event_id=str(delivery.event_id), now=timezone.now(), body=body)
        headers = {"Content-Type": "application/json", "User-Agent": f"Atelier ({settings.ATELIER.host})", **signature}
        return outgoing.post(delivery.endpoint.url, body, headers)
    except (AddressRefused, NoAnswer, SecretLost) as error:
        return str(error)


@transaction.atomic
def _record(delivery_id: UUID, outcome: Answer | str) -> None:
    """Endpoint first, then delivery: the one order in which they are locked."""
    of_it = WebhookEndpoint.objects.filter(deliveries=delivery_id)
    endpoint = of_it.select_for_update(of=("self",)).select_related("owner").first()
    delivery = WebhookDelivery.objects.select_for_update().filter(pk=delivery_id).first()
    if endpoint is not None and delivery is not None:  # else it was deleted while it was sent
        record(delivery, endpoint, outcome, timezone.now())


def is_anything_due() -> bool:
    """Whether there is something to send now."""
    now = timezone.now()
    open_ones = WebhookEndpoint.objects.filter(Q(state="active") | Q(state="paused", probe_at__lte=now))
    return open_ones.filter(deliveries__state="pending", deliveries__due_at__lte=now).exists()
