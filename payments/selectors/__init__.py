"""Everything that is read of payments."""

from payments.selectors.books import differences_in_ledger, differences_of, unknown_intents
from payments.selectors.cards import saved_card_of, saved_cards
from payments.selectors.countries import countries_to_be_paid_in
from payments.selectors.earnings import (
    Earnings,
    StatementLine,
    disputed_among,
    earnings_by_currency,
    payout_account_of,
    payouts_of,
    shares_of,
    statement,
    transfers_to,
)
from payments.selectors.owing import currencies_of, payees_due
from payments.selectors.papers import paper_by_id, papers_for, papers_of
from payments.selectors.payee_books import differences_of_payees
from payments.selectors.payments import earnings_of, payment_of
from payments.selectors.payout_failures import what_to_do
from payments.selectors.requirements import requirements_in_words
from payments.selectors.returns_books import (
    Difference,
    differences_in_balance,
    differences_in_disputes,
    differences_in_refunds,
)
from payments.selectors.taxes import billing_of, differences_in_taxes, taxed_among

__all__ = [
    "Difference",
    "Earnings",
    "StatementLine",
    "billing_of",
    "countries_to_be_paid_in",
    "currencies_of",
    "differences_in_balance",
    "differences_in_disputes",
    "differences_in_ledger",
    "differences_in_refunds",
    "differences_in_taxes",
    "differences_of",
    "differences_of_payees",
    "disputed_among",
    "earnings_by_currency",
    "earnings_of",
    "paper_by_id",
    "papers_for",
    "papers_of",
    "payees_due",
    "payment_of",
    "payout_account_of",
    "payouts_of",
    "requirements_in_words",
    "saved_card_of",
    "saved_cards",
    "shares_of",
    "statement",
    "taxed_among",
    "transfers_to",
    "unknown_intents",
    "what_to_do",
]
