"""Everything that changes payments. One public function a use case, all arguments by keyword."""

from payments.services.authorising import authorise, create_payment
from payments.services.disputing import refresh_dispute
from payments.services.ending import perform_capture, perform_release, request_capture, request_release
from payments.services.evidence import keep_evidence, perform_evidence
from payments.services.reading import refresh
from payments.services.refunding import perform_refund, refresh_refund, request_refund
from payments.services.splitting import Hold, Split
from payments.services.webhooks import process_webhook, receive_webhook, reprocess_webhook

__all__ = [
    "Hold",
    "Split",
    "authorise",
    "create_payment",
    "keep_evidence",
    "perform_capture",
    "perform_evidence",
    "perform_refund",
    "perform_release",
    "process_webhook",
    "receive_webhook",
    "refresh",
    "refresh_dispute",
    "refresh_refund",
    "reprocess_webhook",
    "request_capture",
    "request_refund",
    "request_release",
]
