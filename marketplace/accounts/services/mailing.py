"""Sending a notification by e-mail: after the commit, again where it failed, and as good as never twice."""

import smtplib
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from marketplace.accounts.models import Notification
from marketplace.accounts.services.unsubscribing import unsubscribe_token
from marketplace.core.errors import Unavailable

log = structlog.get_logger(__name__)

BEING_SENT = timedelta(minutes=2)  # longer than any server lets us wait: after that the process has died
TOO_OLD = timedelta(days=3)  # nobody needs to hear of it by mail any more


class MailServerAway(Unavailable):
    """The mail server did not take a mail; it is sent later."""

    code, title = "mail-server-away", "The mail server does not answer"


def email_notification(*, notification_id: UUID) -> None:
    """Send a notification's e-mail, unless it was sent or is being sent.

    It is claimed before and marked after: only a process that dies between the server's answer and the mark lets it be
    sent twice, and then with the same Message-ID. An address that the server refuses is not tried again.
    Raises MailServerAway: the outbox tries again.
    """
    now = timezone.now()
    waiting = Notification.objects.filter(pk=notification_id, by_email=True, emailed_at=None, email_error="")
    is_free = Q(email_begun_at=None) | Q(email_begun_at__lt=now - BEING_SENT)
    if not waiting.filter(is_free).update(email_begun_at=now):
        if waiting.exists():
            raise MailServerAway("Another process is sending this mail, or died over it.")
        return
    notification = Notification.objects.select_related("person").get(pk=notification_id)
    try:
        if now - notification.created_at > TOO_OLD:
            raise TooLate
        _compose(notification).send()
    except (OSError, smtplib.SMTPException, TooLate) as error:
        if not _is_final(error):
            waiting.update(email_begun_at=None)
            raise MailServerAway(f"The mail server does not take mails: {error}") from error
        waiting.update(email_error=f"{type(error).__name__}: {error}"[:300])
        log.warning("notification.not_mailed", notification=str(notification_id), error=str(error))
    else:
        waiting.update(emailed_at=timezone.now())


class TooLate(Exception):
    """The mail server was away for days."""


def _is_final(error: Exception) -> bool:
    """Whether trying again would not help: 5xx says so of an address, 4xx (a full or a cautious server) does not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, TooLate)


def _compose(notification: Notification) -> EmailMultiAlternatives:
    house = settings.ATELIER.public_url.rstrip("/")
    told: dict[str, Any] = {
        "notification": notification,
        "house": house,
        "address": house + notification.link if notification.link else "",
        "preferences": f"{house}/notifications/#emails",
        "unsubscribe": "",
    }
    if not notification.group.essential:
        token = unsubscribe_token(person_id=notification.person_id, group=notification.about.group)
        told["unsubscribe"] = f"{house}/notifications/unsubscribe/{token}/"
    mail = EmailMultiAlternatives(
        subject=" ".join(notification.title.split()),
        body=render_to_string("accounts/mail/notification.txt", told),
        to=[notification.person.email],
        headers=_headers(notification, told["unsubscribe"]),
    )
    mail.attach_alternative(render_to_string("accounts/mail/notification.html", told), "text/html")
    return mail


def _headers(notification: Notification, unsubscribe: str) -> dict[str, str]:
    headers = {"Message-ID": f"<{notification.pk}@{settings.ATELIER.host}>", "Auto-Submitted": "auto-generated"}
    if unsubscribe:
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers
