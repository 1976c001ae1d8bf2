"""Asking the provider how a payment stands."""

from uuid import UUID

from payments import gateway
from payments.models import Payment
from payments.services.applying import apply_snapshot
from payments.services.calling import was_tried


def refresh(*, payment_id: UUID) -> Payment:
    """Bring a payment up to date with the provider; one for which nothing was asked yet is as it is.

    An intent whose making was never answered is looked for. Raises GatewayUnavailable, GatewayRefused.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.intent_id is not None:
        return apply_snapshot(payment.pk, gateway.retrieve_intent(payment.intent_id))
    if was_tried(payment, "create"):
        found = gateway.find_intent(payment_id=str(payment.pk), since=payment.created_at)
        if found is not None:
            return apply_snapshot(payment.pk, found)
    return payment


def as_uuid(text: object) -> UUID | None:
    """An id of ours, if that is one: what comes from outside may be anything."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
