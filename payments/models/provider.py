"""What is asked of the provider, and what it tells: both written down first."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import TimeStamped
from payments.models.payment import Payment


class GatewayCall(TimeStamped):
    """A call to the provider that changes something there: written down before it is made, with its key."""

    class State(models.TextChoices):
        PENDING = "pending", _("No answer yet")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        BROKEN = "broken", _("The provider failed")

    subject = models.CharField(max_length=60, help_text="For which of our rows it is made, such as refund:<id>.")
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="calls", help_text="If it is about one."
    )
    operation = models.CharField(max_length=20)
    number = models.PositiveIntegerField(help_text="A new number is a new idempotency key.")
    key = models.CharField(max_length=120, unique=True)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    tries = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=200, blank=True, help_text="The intent and its status, as answered.")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="payments_call_number", fields=["subject", "operation", "number"])]

    def __str__(self) -> str:
        return self.key


class WebhookEvent(models.Model):
    """Something the provider told us, stored once before anything is made of it."""

    id = models.BigAutoField(primary_key=True)
    stripe_id = models.CharField(max_length=100, unique=True)
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Why nothing came of it, if nothing did.")

    class Meta:
        indexes = [models.Index(name="payments_webhook_open", fields=["received_at"], condition=Q(processed_at=None))]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"
