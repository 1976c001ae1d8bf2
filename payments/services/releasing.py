"""Ending the waiting time of what was earned."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.core import outbox
from payments.services.applying import locked


@transaction.atomic
def release_shares(*, payment_id: UUID, after: timedelta | None = None) -> None:
    """End the escrow of a payment (`Hold.UNTIL_RELEASED`): its shares may be transferred `after` from now.

    Without `after` they wait as long as any other earnings of the house. Shares whose waiting time is known keep it, so
    asking again changes nothing; a payment that is not captured yet will wait so long after its capture.
    """
    payment = locked(payment_id)
    wait = timedelta(days=settings.ATELIER.holding_days) if after is None else after
    if payment.hold_seconds is None:
        payment.hold_seconds = max(0, int(wait.total_seconds()))
        payment.save(update_fields=["hold_seconds", "updated_at"])
    waiting = payment.shares.filter(release_at=None).order_by("pk").select_for_update(no_key=True)
    if released := [share.pk for share in waiting]:
        now = timezone.now()
        payment.shares.filter(pk__in=released).update(release_at=now + wait, updated_at=now)
        outbox.emit("payment.shares_released", payment.pk)
