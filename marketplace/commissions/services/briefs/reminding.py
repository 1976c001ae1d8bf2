"""Whoever has something to do is reminded once, before it is too late."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.commissions.models import Brief
from marketplace.commissions.models.life import REMINDED_BEFORE
from marketplace.commissions.services.briefs.steps import locked
from marketplace.commissions.services.briefs.telling import day, tell
from marketplace.core.languages import Text

State = Brief.State


@transaction.atomic
def remind(*, brief_id: UUID) -> bool:
    """Remind of the present deadline if it is near and nobody was reminded of it; say whether somebody was."""
    brief = locked(brief_id)
    present = deadline(brief) if brief else None
    if brief is None or present is None or brief.reminded_at is not None:
        return False
    moment, person, told = present
    if not timezone.now() < moment <= timezone.now() + REMINDED_BEFORE:
        return False
    brief.reminded_at = timezone.now()
    brief.save(update_fields=["reminded_at", "updated_at"])
    tell(
        brief,
        person,
        "commission.due",
        format_lazy("{brief}: {day}", brief=brief.title, day=day(moment)),
        told,
        once=moment.isoformat(),
    )
    return True


def deadline(brief: Brief) -> tuple[datetime, User, Text] | None:
    """Until when somebody has to do something, who, and what comes of not doing it."""
    collector, artist = brief.collector, brief.artist.user
    present: dict[str, tuple[datetime | None, User, Text]] = {
        State.AWAITING_DEPOSIT: (
            brief.pay_by,
            collector,
            _("Until then the deposit is to be paid, or it comes to nothing."),
        ),
        State.IN_PROGRESS: (brief.due_at, artist, _("Until then a proof is due; after that everything goes back.")),
        State.PROOF: (brief.accept_by, collector, _("Until then you can answer; then the proof counts as accepted.")),
        State.AWAITING_BALANCE: (brief.pay_by, collector, _("Until then the balance is to be paid.")),
    }
    moment, person, told = present.get(brief.state, (None, collector, ""))
    return None if moment is None else (moment, person, told)
