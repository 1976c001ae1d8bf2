"""Payments and who has a share in them, what goes back and what goes out, every call and event, and the ledger."""

from payments.models.ledger import Account, Entry, Posting
from payments.models.papers import Paper, PaperSeries
from payments.models.payees import Payout, PayoutAccount, Reversal, Transfer, TransferState
from payments.models.payers import Customer, SavedCard
from payments.models.payment import CaptureMethod, Payment, PaymentState, Share
from payments.models.provider import GatewayCall, WebhookEvent
from payments.models.returns import Dispute, DisputeState, Refund, RefundState
from payments.models.taxes import BillingDetails, SaleTax, TaxReversal

__all__ = [
    "Account",
    "BillingDetails",
    "CaptureMethod",
    "Customer",
    "Dispute",
    "DisputeState",
    "Entry",
    "GatewayCall",
    "Paper",
    "PaperSeries",
    "Payment",
    "PaymentState",
    "Payout",
    "PayoutAccount",
    "Posting",
    "Refund",
    "RefundState",
    "Reversal",
    "SaleTax",
    "SavedCard",
    "Share",
    "TaxReversal",
    "Transfer",
    "TransferState",
    "WebhookEvent",
]
