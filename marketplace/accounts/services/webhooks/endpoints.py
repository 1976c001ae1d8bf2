"""What an integrator does with endpoints: made, changed, tried, given a new secret, told again, deleted."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.models import (
    EVENT_TYPES,
    EVERYTHING,
    DeliveryState,
    EndpointState,
    User,
    WebhookDelivery,
    WebhookEndpoint,
)
from marketplace.accounts.services.publishing import ACTOR, TRIED_FOR, event_payload
from marketplace.accounts.services.webhooks.signing import new_secret, seal
from marketplace.core import outbox, outgoing
from marketplace.core.errors import Conflict, InvalidInput, NotFound

MOST_ENDPOINTS = 10  # of one person
OLD_SECRET_SIGNS = timedelta(hours=24)
MOST_AT_ONCE = 1000


@transaction.atomic
def create_endpoint(
    *, owner: User, url: str, event_types: Iterable[str], description: str = ""
) -> tuple[WebhookEndpoint, str]:
    """Have an address told of events from now on; returned with its secret, which is never shown again.

    Raises InvalidInput, Conflict where the person has as many as are allowed.
    """
    User.objects.select_for_update().get(pk=owner.pk)  # two at once do not go past the limit
    if WebhookEndpoint.objects.filter(owner=owner).count() >= MOST_ENDPOINTS:
        raise Conflict(
            gettext("You have %(most_endpoints)s endpoints, as many as are allowed.")
            % {"most_endpoints": MOST_ENDPOINTS},
            most=MOST_ENDPOINTS,
        )
    secret = new_secret()
    endpoint = WebhookEndpoint.objects.create(
        owner=owner, url=_checked_url(url), event_types=_checked_types(event_types), secret=seal(secret),
        description=description.strip(),
    )  # fmt: skip
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    owner: User,
    endpoint_id: UUID,
    url: str | None = None,
    event_types: Iterable[str] | None = None,
    description: str | None = None,
    is_on: bool | None = None,
) -> WebhookEndpoint:
    """Change one's own endpoint; switching a paused one on has it tried at once. Raises NotFound, InvalidInput."""
    endpoint = _locked(owner, endpoint_id)
    if url is not None:
        endpoint.url = _checked_url(url)
    if event_types is not None:
        endpoint.event_types = _checked_types(event_types)
    if description is not None:
        endpoint.description = description.strip()
    if is_on is not None:
        endpoint.state = EndpointState.ACTIVE if is_on else EndpointState.OFF
        endpoint.failures = endpoint.pauses = 0
        endpoint.paused_at = endpoint.probe_at = None
    endpoint.save()
    if is_on:
        outbox.wake(ACTOR, endpoint.pk)
    return endpoint


@transaction.atomic
def roll_secret(*, owner: User, endpoint_id: UUID) -> tuple[WebhookEndpoint, str]:
    """A new secret, shown this once; for a day the old one signs besides. Raises NotFound."""
    endpoint = _locked(owner, endpoint_id)
    secret = new_secret()
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, timezone.now() + OLD_SECRET_SIGNS
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until", "updated_at"])
    return endpoint, secret


@transaction.atomic
def delete_endpoint(*, owner: User, endpoint_id: UUID) -> None:
    """Forget an endpoint, with everything that was sent to it. Raises NotFound."""
    _locked(owner, endpoint_id).delete()


@transaction.atomic
def try_endpoint(*, owner: User, endpoint_id: UUID) -> WebhookDelivery:
    """Send a `ping`, whatever types the endpoint wants. Raises NotFound, Conflict where it is off."""
    endpoint = _locked(owner, endpoint_id)
    if endpoint.state == EndpointState.OFF:
        raise Conflict(gettext("The endpoint is off."), state=endpoint.state)
    now = timezone.now()
    payload = event_payload("ping", now, {"endpoint": str(endpoint.pk)})
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, event_id=uuid.uuid4(), event_type="ping", payload=payload, give_up_at=now + TRIED_FOR
    )
    outbox.wake(ACTOR, delivery.pk)
    return delivery


@transaction.atomic
def replay_delivery(*, owner: User, delivery_id: UUID) -> WebhookDelivery:
    """Send an event once more, with the id it had; one that waits is sent now. Raises NotFound, Conflict."""
    delivery = WebhookDelivery.objects.select_for_update().filter(pk=delivery_id, endpoint__owner=owner).first()
    if delivery is None:
        raise NotFound(gettext("You have no such delivery."))
    if delivery.endpoint.state == EndpointState.OFF:
        raise Conflict(gettext("The endpoint is off."), state=delivery.endpoint.state)
    _due_again(WebhookDelivery.objects.filter(pk=delivery.pk))
    outbox.wake(ACTOR, delivery.pk)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def replay_failed(*, owner: User, endpoint_id: UUID, since: datetime | None = None) -> int:
    """Send again what an endpoint failed to take, the oldest first; returns how many. Raises NotFound, Conflict."""
    endpoint = _locked(owner, endpoint_id)
    if endpoint.state == EndpointState.OFF:
        raise Conflict(gettext("The endpoint is off."), state=endpoint.state)
    failed = WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.FAILED)
    if since is not None:
        failed = failed.filter(created_at__gte=since)
    some = list(failed.order_by("created_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    replayed = _due_again(WebhookDelivery.objects.filter(pk__in=some))
    outbox.wake(ACTOR, endpoint.pk)
    return replayed


def _due_again(deliveries: Any) -> int:
    now = timezone.now()
    changed: int = deliveries.update(
        state=DeliveryState.PENDING, attempts=0, due_at=now, give_up_at=now + TRIED_FOR, done_at=None
    )
    return changed


def _locked(owner: User, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id, owner=owner).first()
    if endpoint is None:
        raise NotFound(gettext("You have no such endpoint."))
    return endpoint


def _checked_url(url: str) -> str:
    try:
        outgoing.check_url(url.strip())
    except outgoing.AddressRefused as error:
        raise InvalidInput(gettext("This address is refused."), errors={"url": [str(error)]}) from error
    return url.strip()


def _checked_types(event_types: Iterable[str]) -> list[str]:
    wanted = sorted(set(event_types))
    if EVERYTHING in wanted:
        return [EVERYTHING]
    if not wanted:
        raise InvalidInput(errors={"event_types": [gettext("Name at least one type, or “*” for all.")]})
    if unknown := [code for code in wanted if code not in EVENT_TYPES]:
        raise InvalidInput(errors={"event_types": [gettext("Unknown: %(value)s.") % {"value": ", ".join(unknown)}]})
    return wanted
