"""Everything that changes payments. One public function a use case, all arguments by keyword."""

from payments.services.adopting import apply_return
from payments.services.authorising import authorise, create_payment
from payments.services.disputing import refresh_dispute
from payments.services.ending import perform_capture, perform_release, request_capture, request_release
from payments.services.evidence import keep_evidence, perform_evidence
from payments.services.giving_anyway import refund_again, settle_refund_otherwise
from payments.services.hearing_returns import look_for_disputes
from payments.services.invoicing import draw_paper, draw_statement, issue_credit_note, issue_invoice, paper_url
from payments.services.onboarding import (
    close_payout_account,
    open_payout_account,
    payout_dashboard_url,
    refresh_payout_account,
)
from payments.services.own_payouts import refresh_own_payout, refresh_own_payouts
from payments.services.paying_out import refresh_payout, refresh_payouts
from payments.services.reading import refresh
from payments.services.refunding import perform_refund, refresh_refund, request_refund
from payments.services.releasing import release_shares
from payments.services.reversing import perform_reversal, request_reversals
from payments.services.saved_cards import agree_to_keep, begin_saving_card, forget_card, prefer_card, save_card
from payments.services.splitting import Hold, Split
from payments.services.taxing import (
    keep_billing,
    perform_tax_record,
    perform_tax_reversal,
    require_tax_place,
    reverse_tax_of,
)
from payments.services.transferring import perform_transfer, request_transfers
from payments.services.webhooks import process_webhook, receive_webhook, reprocess_webhook

__all__ = [
    "Hold",
    "Split",
    "agree_to_keep",
    "apply_return",
    "authorise",
    "begin_saving_card",
    "close_payout_account",
    "create_payment",
    "draw_paper",
    "draw_statement",
    "forget_card",
    "issue_credit_note",
    "issue_invoice",
    "keep_billing",
    "keep_evidence",
    "look_for_disputes",
    "open_payout_account",
    "paper_url",
    "payout_dashboard_url",
    "perform_capture",
    "perform_evidence",
    "perform_refund",
    "perform_release",
    "perform_reversal",
    "perform_tax_record",
    "perform_tax_reversal",
    "perform_transfer",
    "prefer_card",
    "process_webhook",
    "receive_webhook",
    "refresh",
    "refresh_dispute",
    "refresh_own_payout",
    "refresh_own_payouts",
    "refresh_payout",
    "refresh_payout_account",
    "refresh_payouts",
    "refresh_refund",
    "refund_again",
    "release_shares",
    "reprocess_webhook",
    "request_capture",
    "request_refund",
    "request_release",
    "request_reversals",
    "request_transfers",
    "require_tax_place",
    "reverse_tax_of",
    "save_card",
    "settle_refund_otherwise",
]
