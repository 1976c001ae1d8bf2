"""Everything that is read of payments."""

from payments.selectors.books import differences_in_ledger, differences_of, unknown_intents
from payments.selectors.payments import earnings_of, payment_of

__all__ = ["differences_in_ledger", "differences_of", "earnings_of", "payment_of", "unknown_intents"]
