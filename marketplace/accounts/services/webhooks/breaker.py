"""What an answer means: delivered, to be tried again, given up; and when an endpoint is left alone for a while.

An endpoint that fails `FAILURES_TO_PAUSE` times in a row is paused and its owner told. While it is paused one delivery
is tried now and then (half open), ever more seldom; the first that succeeds opens it again for all that waits.
"""

import random
from datetime import datetime, timedelta

import structlog
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import DeliveryState, EndpointState, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from marketplace.accounts.services.notifying import notify
from marketplace.core.languages import Text
from marketplace.core.outgoing import Answer

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=12)
GROWTH = 3  # 5 s, 15 s, 45 s, 2 min, 7 min, 20 min, 1 h, 3 h, 9 h, 12 h, …: about 14 tries in three days
JITTER = 0.25  # either way: what failed together does not come back together
LONGEST_ASKED = timedelta(hours=1)  # that a server's Retry-After is heeded
FAILURES_TO_PAUSE = 20
FIRST_PROBE, LONGEST_PROBE = timedelta(minutes=5), timedelta(hours=6)
GONE = 410  # by the specification: the endpoint wants nothing more


def pause_after(attempts: int, *, asked: int | None = None) -> timedelta:
    """How long to wait after so many failed tries; at least the seconds that the server asked for."""
    plain = min(FIRST_PAUSE * float(GROWTH ** min(attempts - 1, 12)), LONGEST_PAUSE)
    spread = plain * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # guards nothing
    return max(spread, min(timedelta(seconds=asked or 0), LONGEST_ASKED))


def record(delivery: WebhookDelivery, endpoint: WebhookEndpoint, outcome: Answer | str, now: datetime) -> None:
    """Write down one try, and what follows for the delivery and its endpoint; both are locked by the caller.

    `outcome` is the server's answer, or why there was none.
    """
    answer = outcome if isinstance(outcome, Answer) else None
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        status=answer.status if answer else None,
        answer=answer.text if answer else "",
        error="" if answer else str(outcome)[:300],
        milliseconds=round(answer.seconds * 1000) if answer else 0,
    )
    delivery.response_status = answer.status if answer else None
    endpoint.busy_until = None
    if answer is not None and 200 <= answer.status < 300:
        _succeeded(delivery, endpoint, now)
    else:
        _failed(delivery, endpoint, answer, now)
    delivery.save()
    endpoint.save()


_PAUSED, _OFF = _("Your webhook endpoint {url} is paused"), _("Your webhook endpoint {url} is off")


def _succeeded(delivery: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> None:
    delivery.state, delivery.done_at = DeliveryState.DELIVERED, now
    endpoint.failures = endpoint.pauses = 0
    endpoint.last_success_at = now
    if endpoint.state == EndpointState.PAUSED:
        endpoint.state, endpoint.paused_at, endpoint.probe_at = EndpointState.ACTIVE, None, None
        log.info("webhook.endpoint_back", endpoint=str(endpoint.pk))


def _failed(delivery: WebhookDelivery, endpoint: WebhookEndpoint, answer: Answer | None, now: datetime) -> None:
    endpoint.failures += 1
    delivery.due_at = now + pause_after(delivery.attempts, asked=answer.retry_after if answer else None)
    if delivery.due_at >= delivery.give_up_at:
        delivery.state, delivery.done_at = DeliveryState.FAILED, now
    if answer is not None and answer.status == GONE:
        delivery.state, delivery.done_at = DeliveryState.FAILED, now
        endpoint.state, endpoint.probe_at = EndpointState.OFF, None
        _tell_owner(endpoint, "off", _("It answered 410 Gone, so nothing more is sent there."), now)
    elif endpoint.state == EndpointState.PAUSED:
        endpoint.pauses += 1
        endpoint.probe_at = now + min(FIRST_PROBE * 2 ** min(endpoint.pauses, 12), LONGEST_PROBE)
    elif endpoint.state == EndpointState.ACTIVE and endpoint.failures >= FAILURES_TO_PAUSE:
        endpoint.state, endpoint.paused_at, endpoint.probe_at = EndpointState.PAUSED, now, now + FIRST_PROBE
        last: Text = _("last without an answer")
        if answer:
            last = format_lazy(_("last with status {status}"), status=answer.status)
        why = _(
            "It failed {failures} times in a row, {last}. Events are kept and tried now and then; once one is taken,"
            " all are sent."
        )
        _tell_owner(endpoint, "paused", format_lazy(why, failures=endpoint.failures, last=last), now)


def _tell_owner(endpoint: WebhookEndpoint, state: str, why: Text, now: datetime) -> None:
    log.warning("webhook.endpoint_stopped", endpoint=str(endpoint.pk), state=state)
    notify(
        person=endpoint.owner,
        kind="webhook.paused",
        key=f"{endpoint.pk}:{now:%Y%m%d%H%M%S}",
        title=format_lazy(_PAUSED if state == "paused" else _OFF, url=endpoint.url),
        body=why,
        link=f"/accounts/webhooks/{endpoint.pk}/",
    )
