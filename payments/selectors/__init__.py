"""Everything that is read of payments."""

from payments.selectors.books import differences_in_ledger, differences_of, unknown_intents
from payments.selectors.cards import saved_card_of, saved_cards
from payments.selectors.owing import currencies_of, payees_due
from payments.selectors.payments import earnings_of, payment_of
from payments.selectors.returns_books import (
    Difference,
    differences_in_balance,
    differences_in_disputes,
    differences_in_refunds,
)

__all__ = [
    "Difference",
    "currencies_of",
    "differences_in_balance",
    "differences_in_disputes",
    "differences_in_ledger",
    "differences_in_refunds",
    "differences_of",
    "earnings_of",
    "payees_due",
    "payment_of",
    "saved_card_of",
    "saved_cards",
    "unknown_intents",
]
