"""Chores of payments: what hung between us and the provider is looked at again."""

from datetime import timedelta

import structlog
from django.utils import timezone

from marketplace.core.errors import AtelierError
from marketplace.core.periodic import periodic
from payments import services
from payments.models import Payment, Refund

log = structlog.get_logger(__name__)
State = Payment.State
SOON, LATER = timedelta(minutes=2), timedelta(hours=6)
CHORES = {
    State.CREATED: (services.refresh, SOON),  # its intent may have been made though nobody heard the answer
    State.REQUIRES_PAYMENT: (services.refresh, SOON),  # its webhook may have been lost
    State.AUTHORISED: (services.refresh, LATER),  # the provider may have let it go
    State.CAPTURING: (services.perform_capture, SOON),
    State.RELEASING: (services.perform_release, SOON),
}
GIVEN_UP = timedelta(days=8)  # who has not paid by then will not
AT_ONCE = 50
REFUND_CHORES = {Refund.State.REQUESTED: SOON, Refund.State.PENDING: LATER}


@periodic(seconds=60)
def look_at_stale_payments() -> None:
    """Carry on with payments that have not moved for a while, those first that were not looked at for longest."""
    now = timezone.now()
    for state, (carry_on, patience) in CHORES.items():
        stale = Payment.objects.filter(state=state, updated_at__lt=now - patience)
        stale = stale.exclude(state__in=[State.CREATED, State.REQUIRES_PAYMENT], created_at__lt=now - GIVEN_UP)
        for payment_id in list(stale.order_by("updated_at").values_list("pk", flat=True)[:AT_ONCE]):
            # Looked at, whatever comes of it: one that always fails must not keep the others waiting.
            Payment.objects.filter(pk=payment_id).update(updated_at=now)
            try:
                carry_on(payment_id=payment_id)
            except AtelierError as error:
                log.warning("payment.carry_on_failed", payment=str(payment_id), state=state, error=error.detail)
                if error.transient:
                    return


@periodic(seconds=60)
def look_at_stale_refunds() -> None:
    """Carry on with refunds whose answer did not come, and ask after those that banks have not settled."""
    now = timezone.now()
    for state, patience in REFUND_CHORES.items():
        stale = Refund.objects.filter(state=state, updated_at__lt=now - patience).order_by("updated_at")
        for refund_id in list(stale.values_list("pk", flat=True)[:AT_ONCE]):
            Refund.objects.filter(pk=refund_id).update(updated_at=now)
            try:
                services.refresh_refund(refund_id=refund_id)
            except AtelierError as error:
                log.warning("refund.carry_on_failed", refund=str(refund_id), error=error.detail)
                if error.transient:
                    return
