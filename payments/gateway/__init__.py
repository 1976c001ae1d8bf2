"""The payment provider: the one place that speaks Stripe. With STRIPE_API_BASE it is the sandbox, by the same calls.

What comes back is ours (`IntentSnapshot`, `IncomingEvent` …), and so is what goes wrong: PaymentDeclined and
AuthenticationNeeded, GatewayUnavailable (nobody knows whether it happened: ask again with the same key), GatewayBroken
(the provider's own 500, which it would repeat under the same key for a day), GatewayRefused and IntentUnknown.

client      the SDK's client, and its exceptions turned into ours
intents     what one person pays once
refunds     money on its way back
disputes    money that banks take back
incoming    webhooks
"""

from payments.gateway.client import ping
from payments.gateway.disputes import DisputeSnapshot, disputes_since, hand_in_evidence, retrieve_dispute
from payments.gateway.incoming import IncomingEvent, read_webhook
from payments.gateway.intents import (
    Fee,
    IntentSnapshot,
    cancel_intent,
    capture_intent,
    confirm_intent,
    create_intent,
    find_intent,
    intents_since,
    name_customer,
    retrieve_intent,
)
from payments.gateway.refunds import RefundSnapshot, create_refund, refunds_of, refunds_since, retrieve_refund

__all__ = [
    "DisputeSnapshot",
    "Fee",
    "IncomingEvent",
    "IntentSnapshot",
    "RefundSnapshot",
    "cancel_intent",
    "capture_intent",
    "confirm_intent",
    "create_intent",
    "create_refund",
    "disputes_since",
    "find_intent",
    "hand_in_evidence",
    "intents_since",
    "name_customer",
    "ping",
    "read_webhook",
    "refunds_of",
    "refunds_since",
    "retrieve_dispute",
    "retrieve_intent",
    "retrieve_refund",
]
