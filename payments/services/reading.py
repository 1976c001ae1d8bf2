"""Asking the provider how a payment stands."""

from uuid import UUID

from payments import gateway
from payments.models import Payment
from payments.services.applying import apply_snapshot


def refresh(*, payment_id: UUID) -> Payment:
    """Bring a payment up to date with the provider; one without an intent is as it is.

    Raises GatewayUnavailable, GatewayRefused.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.intent_id is None:
        return payment
    return apply_snapshot(payment.pk, gateway.retrieve_intent(payment.intent_id))
