"""What people are told: in the house, and by e-mail unless they silenced its group."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from marketplace.accounts.models.kinds import GROUPS, KINDS, Group, Kind
from marketplace.accounts.models.people import User
from marketplace.core.ids import uuid7


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications by whose they are and whether they were seen."""

    def of(self, person: User) -> "NotificationQuerySet":
        return self.filter(person=person)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing that one person was told once: made by `services.notify` in the transaction of what it tells of."""

    id: "models.UUIDField[uuid.UUID, uuid.UUID]" = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, help_text="What it tells of: the same kind and key is told a person once.")
    title = models.CharField(max_length=160)
    body = models.TextField(max_length=2000, blank=True)
    link = models.CharField(max_length=300, blank=True, help_text="Where to look: a path of this house.")
    read_at = models.DateTimeField(null=True, blank=True)

    email_due_at = models.DateTimeField(
        null=True, blank=True, help_text="Until it is sent; never where none is wanted."
    )
    email_tries = models.PositiveIntegerField(default=0)
    emailed_at = models.DateTimeField(null=True, blank=True)
    email_error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            # A handler that runs again, or an event that comes twice, tells nobody twice.
            models.UniqueConstraint(name="accounts_notification_once", fields=["person", "kind", "key"]),
        ]
        indexes = [
            models.Index(name="accounts_notified", fields=["person", "-id"]),
            models.Index(name="accounts_unread", fields=["person"], condition=Q(read_at=None)),
            models.Index(name="accounts_mail_due", fields=["email_due_at"], condition=Q(email_due_at__isnull=False)),
            models.Index(name="accounts_notified_age", fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> Kind:
        """Its kind; one that is no longer declared keeps its code for a title."""
        return KINDS.get(self.kind, Kind("account", self.kind))

    @property
    def group(self) -> Group:
        return GROUPS[self.about.group]


class SilencedGroup(models.Model):
    """A group of notifications that a person wants no e-mails of."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="silenced_groups")
    group = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(name="accounts_silenced_once", fields=["person", "group"])]

    def __str__(self) -> str:
        return self.group
