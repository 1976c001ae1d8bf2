"""Sending notifications by e-mail: after the commit, again where it failed, and as good as never twice.

One process of the house sends at a time (`slot`): a mail server that is away holds one worker's thread and no more.
"""

import smtplib
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from marketplace.accounts.models import Notification
from marketplace.accounts.services.unsubscribing import unsubscribe_token
from marketplace.core import outbox
from marketplace.core.languages import kept, speaking
from marketplace.core.slots import slot

log = structlog.get_logger(__name__)

BEING_SENT = timedelta(minutes=2)  # longer than any server lets us wait: after that the process has died
TOO_OLD = timedelta(days=3)  # nobody needs to hear of it by mail any more
GO_ON_SECONDS = 60.0
# A mail is due again after `BEING_SENT`, should this process die over it.
_CLAIM = """
    UPDATE accounts_notification
    SET email_due_at = now() + make_interval(secs => %(lease)s), email_tries = email_tries + 1
    WHERE id = (SELECT id FROM accounts_notification WHERE email_due_at <= now()
                ORDER BY email_due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


def send_due_mails() -> bool:
    """Send the e-mails that are due, for a minute at most; returns whether somebody should go on.

    A mail is claimed before and marked after: only a process that dies between the server's answer and the mark lets
    it be sent twice, and then with the same Message-ID. What fails is tried again after a pause; an address that the
    server refuses is not.
    """
    stop_at = time.monotonic() + GO_ON_SECONDS
    with slot("mails") as is_mine:
        while is_mine and (notification_id := _claim()) is not None:
            if not _send(Notification.objects.select_related("person").get(pk=notification_id)):
                return False  # the server is away: the others wait too
            if time.monotonic() > stop_at:
                return True
    return False


def is_mail_due() -> bool:
    """Whether there is a mail to send now."""
    return Notification.objects.filter(email_due_at__lte=timezone.now()).exists()


def _claim() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": BEING_SENT.total_seconds()})
        claimed = cursor.fetchone()
    return claimed[0] if claimed else None


def _send(notification: Notification) -> bool:
    """Send one mail and mark it; returns whether the server answers."""
    now = timezone.now()
    if now - notification.created_at > TOO_OLD:
        _end(notification, error=kept("The mail server was away for days."))
        return True
    try:
        with speaking(notification.person.language):
            mail = _compose(notification)
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        told = f"{type(error).__name__}: {error}"[:300]
        if _is_final(error):
            _end(notification, error=told)
            return True
        log.warning("mail.not_sent", notification=str(notification.pk), error=told)
        again = now + outbox.pause(notification.email_tries)
        Notification.objects.filter(pk=notification.pk).update(email_due_at=again, email_error=told)
        return isinstance(error, smtplib.SMTPRecipientsRefused)  # of this address alone
    _end(notification)
    return True


def _end(notification: Notification, *, error: str = "") -> None:
    if error:
        log.warning("mail.given_up", notification=str(notification.pk), error=error)
    emailed_at = None if error else timezone.now()
    Notification.objects.filter(pk=notification.pk).update(email_due_at=None, emailed_at=emailed_at, email_error=error)


def _is_final(error: Exception) -> bool:
    """Whether trying again would not help: 5xx says so of an address, 4xx (a full or a cautious server) does not."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _ in error.recipients.values())


def _compose(notification: Notification) -> EmailMultiAlternatives:
    house = settings.ATELIER.public_url.rstrip("/")
    told: dict[str, Any] = {
        "notification": notification,
        "house": house,
        "address": house + notification.link if notification.link else "",
        "preferences": f"{house}/notifications/#emails",
        "unsubscribe": "",
        "language": get_language(),
    }
    if not notification.group.essential:
        token = unsubscribe_token(person_id=notification.person_id, group=notification.about.group)
        told["unsubscribe"] = f"{house}/notifications/unsubscribe/{token}/"
    composed = EmailMultiAlternatives(
        subject=" ".join(notification.title.split()),
        body=render_to_string("accounts/mail/notification.txt", told),
        to=[notification.person.email],
        headers=_headers(notification, told["unsubscribe"]),
    )
    composed.attach_alternative(render_to_string("accounts/mail/notification.html", told), "text/html")
    return composed


def _headers(notification: Notification, unsubscribe: str) -> dict[str, str]:
    headers = {"Message-ID": f"<{notification.pk}@{settings.ATELIER.host}>", "Auto-Submitted": "auto-generated"}
    if unsubscribe:
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers
