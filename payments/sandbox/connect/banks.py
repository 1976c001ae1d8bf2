"""External accounts: the bank accounts that payouts go to, and Stripe's test numbers whose payouts fail."""

import hashlib
import re
from typing import Any

from payments.sandbox.connect.account_document import banks_of
from payments.sandbox.currencies import OF_COUNTRY, currency
from payments.sandbox.identifiers import new_id
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Session
from payments.sandbox.store import Document

FAILURES = {
    "no_account": "The bank account details on file are probably incorrect. No bank account could be located with "
    "those details.",
    "account_closed": "The bank account has been closed.",
    "insufficient_funds": "The bank account has insufficient funds.",
    "debit_not_authorized": "Debit transactions are not approved on the bank account.",
    "invalid_currency": "The bank was unable to process this payout because of its currency.",
}
"""Failure code to message."""
# By the last eight digits, which are the same in every country but those with IBANs.
_OF_NUMBER = dict(zip(("11111116", "11111113", "22222227", "33333335", "44444440"), FAILURES, strict=True))
_OF_IBAN = {f"37040044053201300{digit}": code for digit, code in enumerate(FAILURES, start=1)}
_TOKENS = {
    "btok_us_verified": "000123456789",
    "btok_us_verified_noAccount": "000111111116",
    "btok_us_verified_accountClosed": "000111111113",
    "btok_us_verified_insufficientFunds": "000222222227",
    "btok_us_verified_debitNotAuthorized": "000333333335",
    "btok_us_verified_invalidCurrency": "000444444440",
}
_IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")


def add(session: Session, account: str, sent: Any, *, default: bool = False) -> Document:
    """Keep an external account from its parameters or from a test token. The number itself is not kept."""
    details = _details(sent)
    code = currency(details["currency"], "external_account[currency]")
    number = _checked_number(details)
    others = [bank for bank in banks_of(session, account) if bank["currency"] == code]
    bank: Document = {
        "id": new_id("ba"),
        "object": "bank_account",
        "account": account,
        "account_holder_name": details.get("account_holder_name"),
        "account_holder_type": details.get("account_holder_type"),
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": details["country"],
        "created": session.now,
        "currency": code,
        "customer": None,
        "default_for_currency": default or not others,
        "fingerprint": hashlib.sha256(f"sandbox:{number}".encode()).hexdigest()[:16],
        "last4": number[-4:],
        "metadata": {},
        "routing_number": details.get("routing_number"),
        "status": "new",
        "_fails": _OF_IBAN.get(number[4:]) if number[:2].isalpha() else _OF_NUMBER.get(number[-8:]),
    }
    with session.tx.acting_for(""):
        if bank["default_for_currency"]:
            for other in others:
                session.tx.save(other | {"default_for_currency": False})
        session.tx.add(bank)
    return bank


def choose(session: Session, account: str, code: str, wanted: str | None) -> Document:
    """The external account that a payout in this currency goes to. Raises InvalidRequest where there is none."""
    banks = [bank for bank in banks_of(session, account) if bank["currency"] == code]
    if wanted is not None:
        found = next((bank for bank in banks if bank["id"] == wanted), None)
    else:
        found = next((bank for bank in banks if bank["default_for_currency"]), None)
    if found is None:
        raise InvalidRequest(f"Sorry, you don't have any external accounts in that currency ({code}).",
                             param="destination")  # fmt: skip
    return found


def _details(sent: Any) -> dict[str, Any]:
    if isinstance(sent, dict):
        return sent
    if sent not in _TOKENS:
        raise ParameterProblem(f"No such token: '{sent}'", code="resource_missing", param="external_account")
    return {"country": "US", "currency": "usd", "routing_number": "110000000", "account_number": _TOKENS[sent]}


def _checked_number(details: dict[str, Any]) -> str:
    number = re.sub(r"\s", "", str(details.get("account_number") or "")).upper()
    country = details.get("country")
    if country not in OF_COUNTRY:
        raise ParameterProblem(f"Country '{country}' is unknown.", code="country_unsupported",
                               param="external_account[country]")  # fmt: skip
    param = "external_account[account_number]"
    if OF_COUNTRY[country] == "eur":
        if not _IBAN.match(number) or number[:2] != country:
            raise InvalidRequest("You must use a valid IBAN of the account's country.",
                                 code="account_number_invalid", param=param)  # fmt: skip
    elif not re.fullmatch(r"\d{4,17}", number):
        raise InvalidRequest("You must use a test bank account number in test mode.",
                             code="account_number_invalid", param=param)  # fmt: skip
    if country == "US" and not re.fullmatch(r"\d{9}", str(details.get("routing_number") or "")):
        raise InvalidRequest("Routing number must have 9 digits", code="routing_number_invalid",
                             param="external_account[routing_number]")  # fmt: skip
    return number
