"""The one place where a payment changes by what the provider says: any order, any number of times, the same state."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from marketplace.core import outbox
from payments.gateway import IntentSnapshot
from payments.models import Payment
from payments.services.splitting import charge_fee, credit

log = structlog.get_logger(__name__)
State = Payment.State
OPEN = {State.CREATED, State.REQUIRES_PAYMENT}
OVER = {State.CAPTURED, State.RELEASED, State.LAPSED}
HELD_OR_TAKEN = {"requires_capture", "succeeded"}  # as the provider calls it


def locked(payment_id: UUID) -> Payment:
    """The payment, locked until the transaction ends; rows that only refer to it may be added meanwhile."""
    return Payment.objects.select_for_update(of=("self",), no_key=True).select_related("payer").get(pk=payment_id)


@transaction.atomic
def apply_snapshot(payment_id: UUID, seen: IntentSnapshot) -> Payment:
    """Bring the payment to what the intent shows; never backwards, whatever old picture of it comes late."""
    payment = locked(payment_id)
    if payment.intent_id not in {None, seen.id}:
        # Nobody can pay it, since its secret was given to nobody; `reconcile` names it.
        log.error("payment.second_intent", payment=str(payment.pk), known=payment.intent_id, second=seen.id)
        return payment
    if payment.intent_id is None:
        _take_in(payment, seen)
    if payment.state in OPEN:
        payment.last_error_code, payment.last_error_message = seen.error_code[:60], seen.error_message[:500]
    if payment.state in OPEN or seen.status in HELD_OR_TAKEN:
        payment.charge_id = seen.charge_id or payment.charge_id
        payment.paid_with = seen.paid_with or payment.paid_with
        payment.capture_before = seen.capture_before or payment.capture_before
    _advance(payment, seen)
    payment.action_url = seen.action_url if payment.state == State.REQUIRES_PAYMENT else ""
    charge_fee(payment, seen.fee)
    payment.save()
    return payment


def _take_in(payment: Payment, seen: IntentSnapshot) -> None:
    """The payment learns of its intent."""
    payment.intent_id, payment.client_secret = seen.id, seen.client_secret
    if payment.state == State.RELEASED and seen.status not in {"succeeded", "canceled"}:
        # It was given up before its intent was known; now that there is one, it must be cancelled.
        payment.state = State.RELEASING
        outbox.emit("payment.release_requested", payment.pk)


def _advance(payment: Payment, seen: IntentSnapshot) -> None:
    if seen.status == "requires_capture" and payment.state in OPEN:
        _held(payment)
    elif seen.status == "succeeded" and payment.state != State.CAPTURED:
        _taken(payment, seen)
    elif seen.status == "canceled":
        _let_go(payment)
    elif payment.state == State.CREATED:
        payment.state = State.REQUIRES_PAYMENT


def _held(payment: Payment) -> None:
    payment.state = State.AUTHORISED
    payment.authorised_at = timezone.now()
    payment.last_error_code = payment.last_error_message = ""
    outbox.emit("payment.authorised", payment.pk)


def _taken(payment: Payment, seen: IntentSnapshot) -> None:
    if payment.state != State.CAPTURING and payment.capture_method == Payment.Capture.MANUAL:
        log.error("payment.captured_unasked", payment=str(payment.pk), state=payment.state)
    payment.authorised_at = payment.authorised_at or timezone.now()
    payment.state, payment.captured_at = State.CAPTURED, timezone.now()
    credit(payment, seen.amount_received)
    outbox.emit("payment.captured", payment.pk)


def _let_go(payment: Payment) -> None:
    if payment.state == State.RELEASING:
        payment.state = State.RELEASED
        outbox.emit("payment.released", payment.pk)
    elif payment.state not in OVER:
        payment.state = State.LAPSED
        outbox.emit("payment.lapsed", payment.pk)
