"""What a payee can do about a payout that failed, by the provider's code (docs.stripe.com/api/payouts/failures)."""

_ANOTHER_BANK = "Give another bank account on your payment dashboard; the money is paid out again then."
_WHAT_TO_DO = {
    "account_closed": f"Your bank account was closed. {_ANOTHER_BANK}",
    "account_frozen": f"Your bank account is frozen. Ask your bank, or: {_ANOTHER_BANK}",
    "bank_account_restricted": f"Your bank account takes no payouts. Ask your bank, or: {_ANOTHER_BANK}",
    "could_not_process": "Your bank could not process it. Ask your bank; it is tried again by itself.",
    "debit_not_authorized": "Your bank does not let the provider debit your account. Ask your bank to allow it.",
    "declined": "Your bank declined it. Ask your bank why.",
    "incorrect_account_holder_name": "Your name is wrong there. Correct it on your payment dashboard.",
    "incorrect_account_holder_address": "Your address is wrong there. Correct it on your payment dashboard.",
    "incorrect_account_holder_tax_id": "Your tax number is wrong there. Correct it on your payment dashboard.",
    "insufficient_funds": "There was too little on the account at the provider. Nothing is lost; it is tried again.",
    "invalid_account_number": f"The bank account's number is wrong. {_ANOTHER_BANK}",
    "invalid_currency": f"Your bank account does not take this currency. {_ANOTHER_BANK}",
    "no_account": f"Your bank does not know this bank account. {_ANOTHER_BANK}",
}


def what_to_do(code: str) -> str:
    """A sentence for the payee."""
    return _WHAT_TO_DO.get(code, f"Your bank did not take it. Look at your payment dashboard, or: {_ANOTHER_BANK}")
