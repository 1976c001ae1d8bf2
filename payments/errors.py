"""What can go wrong with payments.

AtelierError
├── PaymentDeclined          402  the bank said no; another card may do
│   └── AuthenticationNeeded 402  the bank wants to hear the payer, who is not there
├── Conflict
│   ├── PaymentStateConflict 409  the payment is not in a state that allows this
│   ├── PaymentDisputed      409  the payer's bank has taken the payment back
│   ├── RefundTooLarge       409  more than what is left of the payment
│   ├── DisputeClosed        409  the bank has decided already
│   ├── CountryFixed         409  the payout account is in another country already
│   ├── AccountNotReady      409  the payout account has not told enough for this yet
│   └── CardNotKept          409  its owner has not finished giving it
├── Unavailable
│   └── GatewayUnavailable   503  no answer, or none that tells what happened: asking again continues (transient)
│       └── GatewayBroken    503  the provider's own fault, kept under the key: a new key is needed (transient)
├── GatewayRefused           502  the provider will not do this, however often it is asked (permanent)
│   ├── IntentUnknown        502  the provider has no such intent
│   ├── AccountUnknown       502  the provider has no such account, or it is no longer ours to act for
│   └── KeyRefused           502  the provider does not accept our key: an operator's to put right
├── InvalidInput
│   ├── CountryNotServed     422  the provider opens no accounts there
│   └── TaxPlaceNeeded       422  nobody knows yet where the payer is taxed
└── WebhookInvalid           400  the signature or the body is not the provider's
"""

from marketplace.core.errors import AtelierError, Conflict, InvalidInput, Unavailable


class PaymentDeclined(AtelierError):
    """The card was declined or cannot be used; nothing was charged, and another card may be tried."""

    code, title, status = "payment-declined", "The card was declined", 402


class AuthenticationNeeded(PaymentDeclined):
    """The bank wants the payer to authenticate, and they are not there: they have to pay with the form."""

    code, title = "payment-authentication-needed", "The bank wants you to confirm this payment"


class PaymentStateConflict(Conflict):
    """The payment is not in a state that allows this."""

    code, title = "payment-state", "The payment is not in a state that allows this"


class PaymentDisputed(Conflict):
    """The payer's bank has taken the payment back, so that it cannot be given back as well."""

    code, title = "payment-disputed", "The payment is disputed"


class RefundTooLarge(Conflict):
    """More than what is left of the payment, or of somebody's part of it; `left` says how much is."""

    code, title = "refund-too-large", "More than what is left of the payment"


class DisputeClosed(Conflict):
    """The payer's bank has decided already: nothing can be said any more."""

    code, title = "dispute-closed", "The dispute is decided"


class CountryFixed(Conflict):
    """A payout account's country cannot be changed once the account is open."""

    code, title = "payout-country-fixed", "Your payout account is in another country"


class AccountNotReady(Conflict):
    """The payout account is not open yet, or the provider has not been told enough for this."""

    code, title = "payout-account-not-ready", "Your payout account is not ready for this"


class CountryNotServed(InvalidInput):
    """The payment provider opens no payout accounts in this country."""

    code, title = "payout-country-not-served", "Nobody can be paid there yet"


class TaxPlaceNeeded(InvalidInput):
    """Tax is collected, and where the payer is taxed is not known well enough: their country, or state and postcode."""

    code, title = "tax-place-needed", "Tell us where you are taxed"


class CardNotKept(Conflict):
    """The card was not given in full, or its bank did not want it kept."""

    code, title = "card-not-kept", "The card was not kept"


class GatewayUnavailable(Unavailable):
    """The payment provider did not answer; nothing is lost, asking again continues where it stopped."""

    code, title = "payment-provider-unavailable", "The payment provider does not answer"


class GatewayBroken(GatewayUnavailable):
    """The payment provider failed by a fault of its own; nothing is lost, asking again finds out how things stand."""

    code, title = "payment-provider-failed", "The payment provider failed"


class GatewayRefused(AtelierError):
    """The payment provider refuses the request itself: a wrong state, key or parameter."""

    code, title, status = "payment-provider-refused", "The payment provider refused the request", 502


class IntentUnknown(GatewayRefused):
    """The payment provider has no such payment: it was made with another account, or never."""

    code, title = "payment-unknown-to-provider", "The payment provider does not know this payment"


class AccountUnknown(GatewayRefused):
    """The payment provider has no such payout account, or the house may no longer act for it."""

    code, title = "payout-account-unknown", "The payment provider does not know this account"


class KeyRefused(GatewayRefused):
    """The payment provider does not accept the house's own key; nothing was done, and nothing is wrong with you."""

    code, title = "payment-provider-key", "The payment provider does not accept our key"


class WebhookInvalid(AtelierError):
    """The webhook's signature or body is not the provider's."""

    code, title, status = "webhook-invalid", "The webhook is not valid", 400
