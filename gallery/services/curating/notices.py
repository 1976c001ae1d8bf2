"""Notices of people without an account: that one came is confirmed to them, and what became of it is told, by e-mail.

Whoever gave one has no page of ours to look at, so all of it stands in the mail. A mail that is sent again after
a crash has the same Message-ID, so that it is read once.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gallery.models import Report, ReportState
from marketplace.core.languages import speaking

GIVEN, ANSWERED = "notice.given", "notice.answered"  # events: a report's id


def confirm_notice(*, report_id: UUID) -> None:
    """Write to whoever gave a notice that it came. One that is gone is passed over."""
    _write(report_id, "gallery/mail/notice_given.txt", "given")


def answer_notice(*, report_id: UUID) -> None:
    """Write to whoever gave a notice what curators decided; nothing where that was undone meanwhile."""
    _write(report_id, "gallery/mail/notice_answered.txt", "answered")


def _write(report_id: UUID, template: str, about: str) -> None:
    found = Report.objects.select_related("artwork", "decision").exclude(email="")
    report = found.filter(pk=report_id).first()
    if report is None or (about == "answered" and report.state == ReportState.OPEN):
        return
    house = settings.ATELIER.public_url.rstrip("/")
    with speaking(report.language):
        told: Mapping[str, Any] = {
            "report": report, "work": report.artwork.display_title, "house": house,
            "address": f"{house}/works/{report.artwork_id}/", "is_upheld": report.state == ReportState.UPHELD,
        }  # fmt: skip
        subject = _("Your notice about “%(work)s”") % {"work": report.artwork.display_title}
        body = render_to_string(template, told)
    answer = str(report.decision_id or "")
    message_id = f"<{about}.{report.pk}.{answer}@{settings.ATELIER.host}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    EmailMessage(subject=" ".join(subject.split()), body=body.strip() + "\n", to=[report.email], headers=headers).send()
