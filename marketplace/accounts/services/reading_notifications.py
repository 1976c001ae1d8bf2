"""What people do with what they were told: read it, and say what they want e-mails of."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.models import GROUPS, Notification, SilencedGroup, User
from marketplace.core.errors import Conflict, InvalidInput


def mark_notifications_read(*, person: User, notification_ids: Collection[UUID] | None = None) -> int:
    """Mark some of one's own notifications as read, or all; returns how many were not read before."""
    unread = Notification.objects.of(person).unread()
    if notification_ids is not None:
        unread = unread.filter(pk__in=notification_ids)
    return unread.update(read_at=timezone.now())


def choose_emails(*, person: User, group: str, wanted: bool) -> None:
    """Have e-mails of a group of notifications, or none. Raises InvalidInput, Conflict where a group is essential."""
    if group not in GROUPS:
        raise InvalidInput(errors={"group": [gettext("Unknown. Known: %(words)s.") % {"words": ", ".join(GROUPS)}]})
    if wanted:
        SilencedGroup.objects.filter(person=person, group=group).delete()
        return
    if GROUPS[group].essential:
        raise Conflict(
            gettext("E-mails about “%(groups)s” cannot be switched off.") % {"groups": GROUPS[group].title}, group=group
        )
    SilencedGroup.objects.get_or_create(person=person, group=group)
