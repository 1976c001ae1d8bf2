"""What webhooks say of refunds and disputes: the thing is fetched anew, since events come late and in any order."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from payments import gateway
from payments.gateway import DisputeSnapshot, RefundSnapshot
from payments.models import Dispute, Payment, Refund, WebhookEvent
from payments.services.disputing import apply_dispute
from payments.services.reading import as_uuid, refresh
from payments.services.refunding import apply_refund

MISSED = timedelta(days=30)
"""How long ago a dispute may have been opened whose webhook never came."""


def hear_of_return(row: WebhookEvent) -> str | None:
    """What came of an event about money that goes back; None where it is about something else as well."""
    thing: dict[str, Any] = row.payload.get("data", {}).get("object", {})
    match thing.get("object"):
        case "refund":
            return _hear_of_refund(thing)
        case "dispute":
            return _hear_of_dispute(gateway.retrieve_dispute(thing["id"]))
        case "charge" if row.type == "charge.refunded":
            for seen in gateway.refunds_of(str(thing["payment_intent"])) if thing.get("payment_intent") else ():
                _apply(seen)
    return None


def look_for_disputes() -> None:
    """Hear of those that no webhook told of: a bank has money of ours. Raises GatewayUnavailable, GatewayRefused."""
    opened = list(gateway.disputes_since(timezone.now() - MISSED))
    known = set(Dispute.objects.filter(stripe_id__in=[seen.id for seen in opened]).values_list("stripe_id", flat=True))
    for seen in opened:
        if seen.id not in known:
            _hear_of_dispute(seen)


def _hear_of_refund(thing: dict[str, Any]) -> str:
    if _known(thing["id"], (thing.get("metadata") or {}).get("refund")) is not None:
        _apply(gateway.retrieve_refund(thing["id"]))
        return ""
    payment = Payment.objects.filter(intent_id=thing.get("payment_intent"), state=Payment.State.CAPTURED).first()
    if thing.get("payment_intent") is None or payment is None:
        return "not about a payment of ours"
    return "about a refund that we did not ask for: see reconcile"


def _hear_of_dispute(seen: DisputeSnapshot) -> str:
    payment = Payment.objects.filter(intent_id=seen.intent_id).first() if seen.intent_id else None
    if payment is not None and payment.state != Payment.State.CAPTURED:
        payment = refresh(payment_id=payment.pk)  # it overtook the news that the payment was taken
    if payment is None or payment.state != Payment.State.CAPTURED:
        return "not about a payment of ours"
    apply_dispute(payment.pk, seen)
    return ""


def _apply(seen: RefundSnapshot) -> None:
    refund = _known(seen.id, seen.refund_id)
    if refund is not None:
        apply_refund(refund.pk, seen)


def _known(stripe_id: str, named: object) -> Refund | None:
    """Ours, by its id at the provider; or by what it says of itself, where it overtakes the answer to our own call."""
    known = Refund.objects.filter(stripe_id=stripe_id).first()
    if known is None and (refund_id := as_uuid(named)) is not None:
        known = Refund.objects.filter(pk=refund_id).first()
    return known
