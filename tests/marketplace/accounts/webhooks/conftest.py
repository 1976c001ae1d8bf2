"""An integrator with an endpoint, and a server that it leads to."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.accounts import services
from marketplace.accounts.models import User, WebhookDelivery, WebhookEndpoint
from tests.listener import Listener, listening

Publish = Callable[..., None]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture
def made(transactional_db: None, make_user: Callable[..., User], listener: Listener) -> tuple[WebhookEndpoint, str]:
    """An endpoint for two types of event, and its secret."""
    return services.create_endpoint(
        owner=make_user(), url=listener.url, event_types=["order.paid", "payout.paid"], description="Ledger"
    )


@pytest.fixture
def endpoint(made: tuple[WebhookEndpoint, str]) -> WebhookEndpoint:
    return made[0]


@pytest.fixture
def publish(endpoint: WebhookEndpoint) -> Publish:
    """Publish an event to the endpoint's owner."""

    def publish(key: str = "o1", event_type: str = "order.paid", **data: Any) -> None:
        with transaction.atomic():
            services.publish(people=[endpoint.owner_id], event_type=event_type, key=key, data=data)

    return publish


def pass_time(span: timedelta) -> None:
    """Let time pass for everything that waits: it is due, and given up, by so much sooner."""
    for delivery in WebhookDelivery.objects.all():
        delivery.due_at -= span
        delivery.give_up_at -= span
        delivery.save()
    for endpoint in WebhookEndpoint.objects.all():
        endpoint.probe_at = endpoint.probe_at and endpoint.probe_at - span
        endpoint.busy_until = endpoint.busy_until and endpoint.busy_until - span
        endpoint.save()


def send_all(span: timedelta = timedelta(days=1)) -> None:
    """Wait for what is due, and send it."""
    pass_time(span)
    services.send_due()


def seconds_until(moment: Any) -> float:
    """How long from now."""
    return float((moment - timezone.now()).total_seconds())
