"""What payments do after commit: the calls to the provider that others asked for, and the webhooks."""

from uuid import UUID

from marketplace.core.outbox import subscribe
from payments import services


@subscribe("payment.capture_requested")
def on_capture_requested(payment_id: str) -> None:
    services.perform_capture(payment_id=UUID(payment_id))


@subscribe("payment.release_requested")
def on_release_requested(payment_id: str) -> None:
    services.perform_release(payment_id=UUID(payment_id))


@subscribe("refund.requested")
def on_refund_requested(refund_id: str) -> None:
    services.perform_refund(refund_id=UUID(refund_id))


@subscribe("evidence.asked")
def on_evidence_asked(dispute_id: str) -> None:
    services.perform_evidence(dispute_id=UUID(dispute_id))


@subscribe("webhook.received")
def on_webhook_received(event_id: str) -> None:
    services.process_webhook(event_id=int(event_id))
