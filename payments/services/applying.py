"""The one place where a payment changes by what the provider says: any order, any number of times, the same state."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from marketplace.core import outbox
from payments import ledger
from payments.gateway import IntentSnapshot
from payments.ledger import Line
from payments.models import Payment

log = structlog.get_logger(__name__)
State = Payment.State
OPEN = {State.CREATED, State.REQUIRES_PAYMENT}
OVER = {State.CAPTURED, State.RELEASED, State.LAPSED}


def locked(payment_id: UUID) -> Payment:
    """The payment, locked until the transaction ends."""
    return Payment.objects.select_for_update(of=("self",)).select_related("payer").get(pk=payment_id)


@transaction.atomic
def apply_snapshot(payment_id: UUID, seen: IntentSnapshot) -> Payment:
    """Bring the payment to what the intent shows; never backwards."""
    payment = locked(payment_id)
    payment.intent_id = payment.intent_id or seen.id
    payment.client_secret = payment.client_secret or seen.client_secret
    payment.charge_id = seen.charge_id or payment.charge_id
    payment.capture_before = seen.capture_before or payment.capture_before
    if payment.state in OPEN:
        payment.last_error_code, payment.last_error_message = seen.error_code[:60], seen.error_message[:500]
    match seen.status:
        case "requires_capture":
            _held(payment)
        case "succeeded":
            _taken(payment, seen)
        case "canceled":
            _let_go(payment)
        case _:
            _waits(payment)
    payment.save()
    return payment


def _waits(payment: Payment) -> None:
    if payment.state == State.CREATED:
        payment.state = State.REQUIRES_PAYMENT
    elif payment.state == State.RELEASED:
        _release_after_all(payment)


def _held(payment: Payment) -> None:
    if payment.state in OPEN:
        payment.state = State.AUTHORISED
        payment.authorised_at = timezone.now()
        payment.last_error_code = payment.last_error_message = ""
        outbox.emit("payment.authorised", payment.pk)
    elif payment.state == State.RELEASED:
        _release_after_all(payment)


def _release_after_all(payment: Payment) -> None:
    """The payment was given up before its intent was known; now that there is one, it must be cancelled."""
    payment.state = State.RELEASING
    outbox.emit("payment.release_requested", payment.pk)


def _taken(payment: Payment, seen: IntentSnapshot) -> None:
    if payment.state == State.CAPTURED:
        return
    if payment.state != State.CAPTURING:
        log.error("payment.captured_unasked", payment=str(payment.pk), state=payment.state)
    payment.authorised_at = payment.authorised_at or timezone.now()
    payment.state, payment.captured_at = State.CAPTURED, timezone.now()
    ledger.post_entry(
        kind="capture",
        reference=str(payment.pk),
        currency=payment.currency,
        payment=payment,
        lines=[Line(ledger.STRIPE_BALANCE, seen.amount_received), *_credits(payment, seen.amount_received)],
    )
    outbox.emit("payment.captured", payment.pk)


def _credits(payment: Payment, received: int) -> list[Line]:
    """Who is credited: as was asked at capture; what nobody asked for waits for a person to look at it."""
    names = {"platform": ledger.PLATFORM_REVENUE}
    lines = [Line(names.get(account, account), -amount) for account, amount in payment.splits]
    if sum(line.amount for line in lines) + received:
        return [Line(ledger.UNASSIGNED, -received)]
    return lines


def _let_go(payment: Payment) -> None:
    if payment.state == State.RELEASING:
        payment.state = State.RELEASED
        outbox.emit("payment.released", payment.pk)
    elif payment.state not in OVER:
        payment.state = State.LAPSED
        outbox.emit("payment.lapsed", payment.pk)
