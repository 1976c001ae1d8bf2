"""What payments do after commit: the calls to the provider that others asked for, and the webhooks."""

from uuid import UUID

from marketplace.core.outbox import subscribe
from payments import selectors, services
from payments.models import Dispute, PayoutAccount, Refund, Reversal, SaleTax, Share


@subscribe("payment.capture_requested")
def on_capture_requested(payment_id: str) -> None:
    services.perform_capture(payment_id=UUID(payment_id))


@subscribe("payment.captured", among=selectors.taxed_among)
def on_taxed_payment_captured(payment_id: str) -> None:
    services.perform_tax_record(tax_id=SaleTax.objects.values_list("pk", flat=True).get(payment=UUID(payment_id)))


@subscribe("payment.refunded")
def on_payment_refunded(refund_id: str) -> None:
    refund = Refund.objects.get(pk=UUID(refund_id))
    if refund.state in Refund.GIVEN:
        services.issue_credit_note(refund)
        services.reverse_tax_of(refund)


@subscribe("dispute.closed")
def on_dispute_closed(dispute_id: str) -> None:
    dispute = Dispute.objects.get(pk=UUID(dispute_id))
    if dispute.state == Dispute.State.LOST:
        services.issue_credit_note(dispute)
        services.reverse_tax_of(dispute)


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


@subscribe("payment.shares_released")
def on_shares_released(payment_id: str) -> None:
    for payee_id, currency in Share.objects.filter(payment=UUID(payment_id)).values_list("payee", "payment__currency"):
        services.request_transfers(payee_id=payee_id, currency=currency)


@subscribe("payout_account.changed")
def on_payout_account_changed(account_id: str) -> None:
    payee_id = PayoutAccount.objects.get(pk=account_id).user_id
    for currency in selectors.currencies_of(payee_id):
        services.request_transfers(payee_id=payee_id, currency=currency)


@subscribe("transfer.requested")
def on_transfer_requested(transfer_id: str) -> None:
    services.perform_transfer(transfer_id=UUID(transfer_id))


@subscribe("reversal.requested")
def on_reversal_requested(reversal_id: str) -> None:
    services.perform_reversal(reversal_id=UUID(reversal_id))


@subscribe("transfer.made")
def on_transfer_made(transfer_id: str) -> None:
    """What is to be taken back from it had to wait until it was there."""
    waiting = Reversal.objects.filter(transfer=UUID(transfer_id), state=Reversal.State.REQUESTED)
    for reversal_id in waiting.values_list("pk", flat=True):
        services.perform_reversal(reversal_id=reversal_id)
