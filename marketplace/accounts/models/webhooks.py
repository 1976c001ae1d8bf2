"""Outgoing webhooks: where integrators want to be told, and what was sent there with each answer."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from marketplace.accounts.models.people import User
from marketplace.core.ids import uuid7
from marketplace.core.models import TimeStamped


class EndpointState(models.TextChoices):
    ACTIVE = "active"
    PAUSED = "paused"
    OFF = "off"


class DeliveryState(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookEndpoint(TimeStamped):
    """An address that is told of events.

    active ─▶ paused     it failed too often in a row: only one try now and then, until one succeeds
       ▲  ◀──────┘
       └──▶ off          by its owner, or because it answered 410 Gone: nothing is written down for it any more
    """

    State = EndpointState

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    event_types = ArrayField(models.CharField(max_length=40), help_text="Codes of event types, or “*” for all.")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    secret = models.CharField(max_length=300, help_text="Sealed with the house's key.")
    old_secret = models.CharField(max_length=300, blank=True, help_text="Signs besides, for a while after a change.")
    old_secret_until = models.DateTimeField(null=True, blank=True)

    failures = models.PositiveIntegerField(default=0, help_text="Failed tries since the last that succeeded.")
    pauses = models.PositiveIntegerField(default=0, help_text="Failed probes in this pause.")
    paused_at = models.DateTimeField(null=True, blank=True)
    probe_at = models.DateTimeField(null=True, blank=True, help_text="When a paused endpoint is tried again.")
    busy_until = models.DateTimeField(null=True, blank=True, help_text="One request at a time: until then at most.")
    last_success_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_endpoint_state", condition=Q(state__in=["active", "paused", "off"])),
            # A paused endpoint without a date would never be tried again.
            models.CheckConstraint(
                name="accounts_endpoint_probed", condition=~Q(state="paused") | Q(probe_at__isnull=False)
            ),
        ]
        indexes = [models.Index(name="accounts_endpoints_of", fields=["owner", "-id"])]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event for one endpoint, until it was answered with 2xx or given up."""

    State = DeliveryState

    id: "models.UUIDField[uuid.UUID, uuid.UUID]" = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField(help_text="The same event has the same id at every endpoint and in every try.")
    event_type = models.CharField(max_length=40)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    give_up_at = models.DateTimeField()
    response_status = models.PositiveSmallIntegerField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(name="accounts_delivery_once", fields=["endpoint", "event_id"]),
            models.CheckConstraint(
                name="accounts_delivery_state", condition=Q(state__in=["pending", "delivered", "failed"])
            ),
        ]
        indexes = [
            models.Index(name="accounts_delivery_due", fields=["endpoint", "due_at"], condition=Q(state="pending")),
            models.Index(name="accounts_deliveries_of", fields=["endpoint", "-id"]),
            models.Index(name="accounts_delivery_age", fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_id}"


class WebhookAttempt(models.Model):
    """One try of a delivery: what was answered, or why nothing was."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True, help_text="The answer's first bytes.")
    error = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = [F("id").asc()]

    def __str__(self) -> str:
        return f"{self.status or self.error}"


def is_signed_by_both(endpoint: WebhookEndpoint, now: datetime) -> bool:
    """Whether the endpoint's former secret is still in use."""
    return bool(endpoint.old_secret) and endpoint.old_secret_until is not None and now < endpoint.old_secret_until
