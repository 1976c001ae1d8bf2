"""Taking what is held, or letting it go: asked for in the caller's transaction, done by a handler after it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from marketplace.core import outbox
from payments import gateway
from payments.errors import GatewayRefused, GatewayUnavailable, PaymentStateConflict
from payments.models import Payment
from payments.services.applying import OVER, apply_snapshot, locked
from payments.services.calling import call_provider, was_tried
from payments.services.reading import refresh
from payments.services.splitting import Hold, Split, settle_splits

State = Payment.State


@transaction.atomic
def request_capture(*, payment_id: UUID, splits: Sequence[Split], hold: Hold = Hold.USUAL) -> Payment:
    """Have the held amount taken and credited as `splits` say; asking twice is asking once.

    Raises PaymentStateConflict; ValueError when the parts are not the whole.
    """
    payment = locked(payment_id)
    if payment.state in {State.CAPTURING, State.CAPTURED}:
        return payment
    if payment.state != State.AUTHORISED:
        raise PaymentStateConflict(gettext("The payment is %(state)s.") % {"state": payment.state}, state=payment.state)
    settle_splits(payment, splits, hold)
    payment.state = State.CAPTURING
    payment.save(update_fields=["splits", "hold_seconds", "state", "updated_at"])
    outbox.emit("payment.capture_requested", payment.pk)
    return payment


@transaction.atomic
def request_release(*, payment_id: UUID) -> Payment:
    """Have whatever is held let go, in any state before capture; asking twice is asking once.

    Raises PaymentStateConflict when the amount is being taken or was.
    """
    payment = locked(payment_id)
    if payment.state in {State.RELEASING, State.RELEASED, State.LAPSED}:
        return payment
    if payment.state in {State.CAPTURING, State.CAPTURED}:
        raise PaymentStateConflict(gettext("The payment is %(state)s.") % {"state": payment.state}, state=payment.state)
    payment.state = State.RELEASING
    payment.save(update_fields=["state", "updated_at"])
    outbox.emit("payment.release_requested", payment.pk)
    return payment


def perform_capture(*, payment_id: UUID) -> None:
    """Take the amount at the provider; done already, or no longer possible, is found out and applied.

    Raises GatewayUnavailable, so that it is tried again.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != State.CAPTURING or payment.intent_id is None:
        return
    if was_tried(payment, "capture") and refresh(payment_id=payment_id).state != State.CAPTURING:
        return
    try:
        seen = call_provider(payment, "capture", gateway.capture_intent, intent_id=payment.intent_id)
    except GatewayRefused:
        _settle_refusal(payment_id, State.CAPTURING)
        return
    apply_snapshot(payment_id, seen)


def perform_release(*, payment_id: UUID) -> None:
    """Cancel the intent at the provider. Raises GatewayUnavailable, so that it is tried again."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state != State.RELEASING:
        return
    if payment.intent_id is None:
        payment = _find_or_give_up(payment_id)
        if payment.intent_id is None:
            return
    if was_tried(payment, "cancel") and refresh(payment_id=payment_id).state in OVER:
        return
    try:
        seen = call_provider(payment, "cancel", gateway.cancel_intent, intent_id=payment.intent_id)
    except GatewayRefused:
        _settle_refusal(payment_id, State.RELEASING)
        return
    apply_snapshot(payment_id, seen)


def _settle_refusal(payment_id: UUID, state: str) -> None:
    """Refused because the intent is in another state than we thought: see which, or complain."""
    if refresh(payment_id=payment_id).state == state:
        raise GatewayUnavailable(gettext("The provider refuses, though the intent is as we think."))


def _find_or_give_up(payment_id: UUID) -> Payment:
    """A release of something that may never have been made: find it, or be done."""
    refresh(payment_id=payment_id)
    with transaction.atomic():
        payment = locked(payment_id)
        if payment.intent_id is None and payment.state == State.RELEASING:
            payment.state = State.RELEASED
            payment.save(update_fields=["state", "updated_at"])
            outbox.emit("payment.released", payment.pk)
    return payment
