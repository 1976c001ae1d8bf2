"""Accounts' messages and chores: mails and webhooks are sent, old ones forgotten."""

from datetime import timedelta

import dramatiq
from django.db import transaction
from django.utils import timezone

from marketplace.accounts import services
from marketplace.accounts.models import Notification
from marketplace.core import outbox
from marketplace.core.broker import IO
from marketplace.core.periodic import periodic

KEEP_NOTIFICATIONS = timedelta(days=365)


@dramatiq.actor(actor_name="send_mails", queue_name=IO)
def send_mails(nudge: str) -> None:
    """Send the mails that are due."""
    if services.send_due_mails():
        _wake("send_mails")


@dramatiq.actor(actor_name="send_webhooks", queue_name=IO)
def send_webhooks(nudge: str) -> None:
    """Send the webhooks that are due."""
    if services.send_due():
        _wake("send_webhooks")


@periodic(seconds=5)
def wake_senders() -> None:
    """What failed is due again some time: then its sender is woken."""
    if services.is_mail_due():
        _wake("send_mails")
    if services.is_anything_due():
        _wake("send_webhooks")


@periodic(seconds=3600)
def end_what_is_overdue() -> None:
    """Deliveries that could not be made in time are given up; old ones are forgotten."""
    services.give_up_what_is_overdue()
    services.forget_old_deliveries()


@periodic(seconds=86_400)
def forget_old_notifications() -> None:
    """Delete what people were told a year ago: the rows it told of say more."""
    Notification.objects.filter(created_at__lt=timezone.now() - KEEP_NOTIFICATIONS).delete()


@transaction.atomic
def _wake(actor: str) -> None:
    outbox.wake(actor, "due")
