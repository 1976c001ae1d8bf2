"""What a payee can do about a payout that failed, by the provider's code (docs.stripe.com/api/payouts/failures)."""

from django.utils.translation import gettext_lazy as _

_ANOTHER_BANK = _("Give another bank account on your payment dashboard; the money is paid out again then.")
_WHAT_TO_DO = {
    "account_closed": (_("Your bank account was closed."), _ANOTHER_BANK),
    "account_frozen": (_("Your bank account is frozen. Ask your bank, or:"), _ANOTHER_BANK),
    "bank_account_restricted": (_("Your bank account takes no payouts. Ask your bank, or:"), _ANOTHER_BANK),
    "could_not_process": (_("Your bank could not process it. Ask your bank; it is tried again by itself."),),
    "debit_not_authorized": (_("Your bank does not let the provider debit your account. Ask your bank to allow it."),),
    "declined": (_("Your bank declined it. Ask your bank why."),),
    "incorrect_account_holder_name": (_("Your name is wrong there. Correct it on your payment dashboard."),),
    "incorrect_account_holder_address": (_("Your address is wrong there. Correct it on your payment dashboard."),),
    "incorrect_account_holder_tax_id": (_("Your tax number is wrong there. Correct it on your payment dashboard."),),
    "insufficient_funds": (
        _("There was too little on the account at the provider. Nothing is lost; it is tried again."),
    ),
    "invalid_account_number": (_("The bank account's number is wrong."), _ANOTHER_BANK),
    "invalid_currency": (_("Your bank account does not take this currency."), _ANOTHER_BANK),
    "no_account": (_("Your bank does not know this bank account."), _ANOTHER_BANK),
}

_UNKNOWN = (_("Your bank did not take it. Look at your payment dashboard, or:"), _ANOTHER_BANK)


def what_to_do(code: str) -> str:
    """A sentence or two for the payee, in the language that is spoken."""
    return " ".join(map(str, _WHAT_TO_DO.get(code, _UNKNOWN)))
