"""Stripe's test cards: what each number does, and the checks that every card goes through."""

import hashlib
import time
from dataclasses import dataclass

from payments.sandbox.problems import CardProblem

DECLINES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "lost_card": ("card_declined", "Your card was declined."),
    "stolen_card": ("card_declined", "Your card was declined."),
    "expired_card": ("expired_card", "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect."),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "test_mode_live_card": (
        "card_declined",
        "Your card was declined. Your request was in test mode, but used a non test card. "
        "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
    ),
}
"""Decline code to error code and message."""


@dataclass(frozen=True)
class TestCard:
    """A card number with a fixed fate."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    number: str
    names: tuple[str, ...]
    """Its ready-made payment methods, ``pm_card_<name>``."""
    brand: str = "visa"
    decline: str | None = None
    authenticate: str | None = None
    """When it wants authentication: `always`, `unless_set_up`, or `on_session` (it is set up already)."""
    fate: str | None = None
    """What becomes of its payments later: of their money, their disputes, their refunds."""


CARDS = (
    TestCard("4242424242424242", ("visa",)),
    TestCard("4000056655665556", ("visa_debit",)),
    TestCard("5555555555554444", ("mastercard",), brand="mastercard"),
    TestCard("378282246310005", ("amex",), brand="amex"),
    TestCard("4000000000000002", ("chargeDeclined", "visa_chargeDeclined"), decline="generic_decline"),
    TestCard("4000000000000341", ("chargeCustomerFail",), decline="generic_decline", fate="declines_when_charged"),
    TestCard(
        "4000000000009995",
        ("chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds"),
        decline="insufficient_funds",
    ),
    TestCard("4000000000009987", ("chargeDeclinedLostCard", "visa_chargeDeclinedLostCard"), decline="lost_card"),
    TestCard("4000000000009979", ("chargeDeclinedStolenCard", "visa_chargeDeclinedStolenCard"), decline="stolen_card"),
    TestCard("4000000000000069", ("chargeDeclinedExpiredCard",), decline="expired_card"),
    TestCard("4000000000000127", ("chargeDeclinedIncorrectCvc",), decline="incorrect_cvc"),
    TestCard("4000000000000119", ("chargeDeclinedProcessingError",), decline="processing_error"),
    TestCard("4000002760003184", ("authenticationRequired",), authenticate="always"),
    TestCard("4000002500003155", ("authenticationRequiredOnSetup",), authenticate="unless_set_up"),
    TestCard("4000000000003220", ("threeDSecure2Required",), authenticate="always"),
    TestCard(
        "4000008260003178",
        ("authenticationRequiredChargeDeclinedInsufficientFunds",),
        decline="insufficient_funds",
        authenticate="always",
    ),
    TestCard("4000003800000446", ("authenticationRequiredSetupForOffSession",), authenticate="on_session"),
    TestCard("4000000000000077", ("bypassPending",), fate="bypass_pending"),
    TestCard("4000000000007726", ("pendingRefund",), fate="refund_pends"),
    TestCard("4000000000005126", ("refundFail",), fate="refund_fails"),
    TestCard("4000000000000259", ("createDispute",), fate="disputed_fraudulent"),
    TestCard("4000000000002685", ("createDisputeProductNotReceived",), fate="disputed_product_not_received"),
    TestCard("4000000000001976", ("createDisputeInquiry",), fate="disputed_inquiry"),
    TestCard("4000000000005423", ("createIssuerFraudRecord",), fate="fraud_warning"),
)
_BY_NUMBER = {card.number: card for card in CARDS}
BY_NAME = {f"pm_card_{name}": card for card in CARDS for name in card.names}


def card_of(number: str) -> TestCard:
    """The test card with this number; a real one is declined, for this is test mode."""
    return _BY_NUMBER.get(number) or TestCard(number, (), brand=_brand(number), decline="test_mode_live_card")


def fingerprint(number: str) -> str:
    """The same for every use of one card, and no way back to its number."""
    return hashlib.sha256(f"sandbox:{number}".encode()).hexdigest()[:16]


def check(number: str, month: int, year: int, cvc: str | None) -> None:
    """Raise Stripe's card error unless number, expiry and security code could belong to a card."""
    if not number.isdigit() or not 12 <= len(number) <= 19:
        raise CardProblem("The card number is not a valid credit card number.", code="invalid_number", param="number")
    if not _luhn(number):
        raise CardProblem("Your card number is incorrect.", code="incorrect_number", param="number")
    today = time.gmtime()
    if not 1 <= month <= 12 or (year == today.tm_year and month < today.tm_mon):
        raise CardProblem("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    if not today.tm_year <= year <= today.tm_year + 50:
        raise CardProblem("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")
    length = 4 if _brand(number) == "amex" else 3
    if cvc is not None and not (cvc.isdigit() and len(cvc) == length):
        raise CardProblem("Your card's security code is invalid.", code="invalid_cvc", param="cvc")


def _brand(number: str) -> str:
    if number.startswith("4"):
        return "visa"
    if number[:2] in ("34", "37"):
        return "amex"
    if number[:1] in ("2", "5"):
        return "mastercard"
    return "unknown"


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
