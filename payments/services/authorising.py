"""From a price to a held amount."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import F

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import gateway
from payments.errors import GatewayRefused, PaymentDeclined
from payments.models import Payment
from payments.services.applying import OPEN, apply_snapshot
from payments.services.calling import call_provider, was_tried
from payments.services.reading import refresh
from payments.services.splitting import Hold, Split, settle_splits

State = Payment.State


def create_payment(
    *,
    payer: User,
    amount: Money,
    reference: str,
    splits: Sequence[Split] = (),
    hold: Hold = Hold.USUAL,
    tax_amount: int = 0,
    tax_reference: str = "",
) -> Payment:
    """Write down that `payer` is to pay `amount` once; nothing is asked of the provider yet.

    With `splits` it is taken as soon as it is paid, and credited as they say; without, it is held until
    `request_capture`. `amount` is with the tax. To be called in the transaction that makes the thing that is paid for.
    Raises ValueError when the parts and the tax are not the whole.
    """
    payment = Payment(
        payer=payer,
        amount=amount.amount,
        currency=amount.currency,
        reference=reference,
        tax_amount=tax_amount,
        tax_reference=tax_reference,
    )
    if splits:
        payment.capture_method = Payment.Capture.AUTOMATIC
        settle_splits(payment, splits, hold)
    payment.save(force_insert=True)
    return payment


def authorise(*, payment_id: UUID, payment_method: str | None = None) -> Payment:
    """Make the intent, and with a payment method hold the amount on it; asking again continues where it stopped.

    Without one the payer confirms with `client_secret` in the browser. Talks to the provider, so it must not be called
    inside a transaction. Raises PaymentDeclined, GatewayUnavailable, GatewayRefused.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.intent_id is None and payment.state == State.CREATED:
        payment = _prepare(payment)
    if payment_method is None or payment.state not in OPEN or payment.intent_id is None:
        return payment
    return _confirm(payment, payment.intent_id, payment_method)


def _prepare(payment: Payment) -> Payment:
    # An earlier call may have made it though its answer never came: look before making a second one.
    payment = refresh(payment_id=payment.pk)
    if payment.intent_id is not None:
        return payment
    made = call_provider(
        payment,
        "create",
        gateway.create_intent,
        amount=payment.price,
        payment_id=str(payment.pk),
        reference=payment.reference,
        is_held=payment.capture_method == Payment.Capture.MANUAL,
    )
    return apply_snapshot(payment.pk, made)


def _confirm(payment: Payment, intent_id: str, payment_method: str) -> Payment:
    if was_tried(payment, "confirm"):
        payment = refresh(payment_id=payment.pk)
        if payment.state not in OPEN:
            return payment
    try:
        seen = call_provider(
            payment,
            "confirm",
            gateway.confirm_intent,
            intent_id=intent_id,
            payment_method=payment_method,
            return_url=f"{settings.ATELIER.public_url}/commissions/",
        )
    except GatewayRefused:
        # Most likely the payer was quicker, in the browser; then the payment is no longer open.
        payment = refresh(payment_id=payment.pk)
        if payment.state in OPEN:
            raise
        return payment
    except PaymentDeclined:
        Payment.objects.filter(pk=payment.pk).update(confirmations=F("confirmations") + 1)
        refresh(payment_id=payment.pk)
        raise
    apply_snapshot(payment.pk, seen)
    return refresh(payment_id=payment.pk)  # its charge says until when the amount is held
