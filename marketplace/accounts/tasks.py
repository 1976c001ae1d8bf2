"""Accounts' chores."""

from datetime import timedelta

from django.utils import timezone

from marketplace.accounts.models import Notification
from marketplace.core.periodic import periodic

KEEP_NOTIFICATIONS = timedelta(days=365)


@periodic(seconds=86_400)
def forget_old_notifications() -> None:
    """Delete what people were told a year ago: the rows it told of say more."""
    Notification.objects.filter(created_at__lt=timezone.now() - KEEP_NOTIFICATIONS).delete()
