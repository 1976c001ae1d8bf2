"""Tables that every room shares: the outbox, idempotency records, heartbeats of processes, and the audit log."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from marketplace.core.ids import uuid7


class TimeStamped(models.Model):
    """A row with a time-ordered UUID that knows when it was made and last changed."""

    id: "models.UUIDField[uuid.UUID, uuid.UUID]" = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class OutboxEvent(models.Model):
    """Something to be told after commit: a `topic` for its subscribers, or one `actor` to wake."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=80, blank=True)
    actor = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            # An event without a destination would be lost in silence; one with two would be done half.
            models.CheckConstraint(
                name="core_outbox_topic_or_actor",
                condition=(Q(topic="") & ~Q(actor="")) | (~Q(topic="") & Q(actor="")),
            )
        ]
        indexes = [models.Index(name="core_outbox_due", fields=["due_at"], condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.topic or self.actor} {self.subject_id}"


class IdempotencyRecord(models.Model):
    """One Idempotency-Key of one person: what was asked, and the answer once there is one."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    locked_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(name="core_idempotency_owner_key", fields=["owner", "key"])]
        indexes = [models.Index(name="core_idempotency_age", fields=["created_at"])]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """The last sign of life of a long-lived process: relay, sweeper, worker."""

    name = models.CharField(max_length=120, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        ordering = [F("name").asc()]

    def __str__(self) -> str:
        return self.name


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Questions about what was changed."""

    def of(self, row: models.Model) -> "AuditEntryQuerySet":
        """The history of one row, oldest first."""
        return self.filter(table=row._meta.db_table, row_id=str(row.pk)).order_by("id")


class AuditEntry(models.Model):
    """One change of one row, written by the trigger of its table (`marketplace.core.audit`) and by nothing else.

    `before` and `after` hold the columns that changed: all of them where the row was made or deleted.
    """

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=63)
    row_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=6, help_text="insert, update or delete.")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    # No foreign key: the log outlives whom it names.
    person_id = models.UUIDField(null=True, help_text="Who was signed in, if anybody.")
    source = models.CharField(max_length=200, help_text="By what: a request, an event's handler, a chore, a command.")
    request_id = models.CharField(max_length=64, help_text="The request's or message's id, as in the logs.")
    transaction = models.BigIntegerField(help_text="What was changed together has the same number.")
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[AuditEntryQuerySet] = AuditEntryQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        db_table = "core_audit"
        verbose_name = "change"
        indexes = [
            models.Index(name="core_audit_row", fields=["table", "row_id", "id"]),
            models.Index(name="core_audit_person", fields=["person_id", "id"], condition=Q(person_id__isnull=False)),
            BrinIndex(name="core_audit_at", fields=["at"]),  # rows lie in the order of time: a sketch of it will do
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table} {self.row_id}"
