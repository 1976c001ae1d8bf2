"""What can go wrong with payments.

AtelierError
├── PaymentDeclined          402  the bank said no; another card may do
├── Conflict
│   └── PaymentStateConflict 409  the payment is not in a state that allows this
├── Unavailable
│   └── GatewayUnavailable   503  no answer, or none that tells what happened: asking again continues (transient)
├── GatewayRefused           502  the provider will not do this, however often it is asked (permanent)
└── WebhookInvalid           400  the signature or the body is not the provider's
"""

from marketplace.core.errors import AtelierError, Conflict, Unavailable


class PaymentDeclined(AtelierError):
    """The bank declined the card; nothing was charged, and another card may be tried."""

    code, title, status = "payment-declined", "The card was declined", 402


class PaymentStateConflict(Conflict):
    """The payment is not in a state that allows this."""

    code, title = "payment-state", "The payment is not in a state that allows this"


class GatewayUnavailable(Unavailable):
    """The payment provider did not answer; nothing is lost, asking again continues where it stopped."""

    code, title = "payment-provider-unavailable", "The payment provider does not answer"


class GatewayRefused(AtelierError):
    """The payment provider refuses the request itself: a wrong state, key or parameter."""

    code, title, status = "payment-provider-refused", "The payment provider refused the request", 502


class WebhookInvalid(AtelierError):
    """The webhook's signature or body is not the provider's."""

    code, title, status = "webhook-invalid", "The webhook is not valid", 400
