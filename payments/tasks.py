"""Chores of payments: what hung between us and the provider is looked at again."""

from datetime import timedelta

import structlog
from django.utils import timezone

from marketplace.core.errors import AtelierError
from marketplace.core.periodic import periodic
from payments import services
from payments.models import Payment

log = structlog.get_logger(__name__)
State = Payment.State
MAY_BE_STALE = {
    State.REQUIRES_PAYMENT: timedelta(minutes=2),  # its webhook may have been lost
    State.AUTHORISED: timedelta(hours=6),  # the provider may have let it go
    State.CAPTURING: timedelta(minutes=2),
    State.RELEASING: timedelta(minutes=2),
}
GIVEN_UP = timedelta(days=8)  # nothing is held longer than a week


@periodic(seconds=60)
def look_at_stale_payments() -> None:
    """Ask the provider about payments that have not moved for a while, the longest unmoved first."""
    now = timezone.now()
    for state, patience in MAY_BE_STALE.items():
        stale = Payment.objects.filter(state=state, updated_at__range=(now - GIVEN_UP, now - patience))
        for payment_id in stale.order_by("updated_at").values_list("pk", flat=True)[:50]:
            try:
                services.refresh(payment_id=payment_id)
            except AtelierError as error:
                log.warning("payment.refresh_failed", payment=str(payment_id), error=error.detail)
                if error.transient:
                    return
