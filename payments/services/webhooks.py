"""What the provider tells us: verified, stored once, and made something of later by asking how things stand now."""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.core import outbox
from payments import gateway
from payments.models import Payment, WebhookEvent
from payments.services.applying import apply_snapshot
from payments.services.hearing_cards import hear_of_card
from payments.services.hearing_payees import hear_of_payee
from payments.services.hearing_returns import hear_of_return
from payments.services.reading import as_uuid

log = structlog.get_logger(__name__)
UP_TO_TAKEN = {
    "payment_intent.created", "payment_intent.succeeded", "charge.succeeded", "charge.captured", "charge.updated",
}  # fmt: skip


@transaction.atomic
def receive_webhook(*, body: bytes, signature: str) -> bool:
    """Store a verified event; False when it was known. Raises WebhookInvalid."""
    event = gateway.read_webhook(body, signature)
    row, is_new = WebhookEvent.objects.get_or_create(
        stripe_id=event.id, defaults={"type": event.type, "payload": event.payload}
    )
    if is_new:
        outbox.emit("webhook.received", str(row.pk))
    return is_new


def process_webhook(*, event_id: int) -> None:
    """Bring the payment that an event is about up to date; what is not about a payment of ours is noted and left.

    Raises GatewayUnavailable, so that it is tried again.
    """
    row = WebhookEvent.objects.filter(pk=event_id, processed_at=None).first()
    if row is None:
        return
    WebhookEvent.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
    try:
        note = _work_on(row)
    except Exception as error:
        # Whatever it was, the row keeps it; the outbox asks again.
        WebhookEvent.objects.filter(pk=row.pk).update(last_error=f"{type(error).__name__}: {error}"[:300])
        raise
    WebhookEvent.objects.filter(pk=row.pk).update(processed_at=timezone.now(), note=note, last_error="")
    log.info("webhook.processed", type=row.type, stripe_id=row.stripe_id, note=note)


@transaction.atomic
def reprocess_webhook(*, event_id: int) -> None:
    """Have an event worked on again, though it was before; it can only bring its payment up to date."""
    WebhookEvent.objects.filter(pk=event_id).update(processed_at=None)
    outbox.emit("webhook.received", str(event_id))


def _work_on(row: WebhookEvent) -> str:
    """Bring what the event is about up to date; say why, where there is nothing to do."""
    for hear in (hear_of_return, hear_of_card, hear_of_payee):
        note = hear(row)
        if note is not None:
            return note
    payment_id, intent_id = _subject(row)
    if payment_id is None or intent_id is None:
        return "not about a payment of ours"
    if _says_nothing_new(payment_id, intent_id, row.type):
        return "known already"
    payment = apply_snapshot(payment_id, gateway.retrieve_intent(intent_id))
    return "" if payment.intent_id == intent_id else "about a second intent of a payment: see reconcile"


def _says_nothing_new(payment_id: UUID, intent_id: str, event_type: str) -> bool:
    """Whether we know already that the intent is taken, and for which fee, and the event is of what comes until then.

    So most events of a purchase, which the answer to our own call forestalls, ask nothing of the provider and wait for
    no lock.
    """
    payment = Payment.objects.get(pk=payment_id)
    is_settled = payment.state == Payment.State.CAPTURED and payment.fee is not None
    return is_settled and payment.intent_id == intent_id and event_type in UP_TO_TAKEN


def _subject(row: WebhookEvent) -> tuple[UUID | None, str | None]:
    """Our payment and its intent; the order of events does not matter, since only the present state is applied."""
    thing = row.payload.get("data", {}).get("object", {})
    intent_id = thing.get("id") if thing.get("object") == "payment_intent" else thing.get("payment_intent")
    if not isinstance(intent_id, str):
        return None, None
    known = Payment.objects.filter(intent_id=intent_id).values_list("pk", flat=True).first()
    if known is None:
        # The event overtook the answer to our own call: the intent itself says whose it is.
        named = as_uuid((thing.get("metadata") or {}).get("payment"))
        known = named if named and Payment.objects.filter(pk=named).exists() else None
    return known, intent_id
