"""The payment provider: the one place that speaks Stripe. With STRIPE_API_BASE it is the sandbox, by the same calls.

What comes back is ours (`IntentSnapshot`, `IncomingEvent` …), and so is what goes wrong: PaymentDeclined and
AuthenticationNeeded, GatewayUnavailable (nobody knows whether it happened: ask again with the same key), GatewayBroken
(the provider's own 500, which it would repeat under the same key for a day), GatewayRefused and its kinds.

client      the SDK's client, and its exceptions turned into ours
intents     what one person pays once
refunds     money on its way back
taxes       what of it is tax, and the record of that
disputes    money that banks take back
cards       who pays, and the cards they keep
balance     what the house has, and what moved it
incoming    webhooks
accounts    payees' accounts
transfers   money to them, and back
payouts     from there to their banks
"""

from payments.gateway.accounts import (
    AccountSnapshot,
    accounts_since,
    countries_served,
    dashboard_link,
    find_account,
    onboarding_link,
    open_account,
    retrieve_account,
)
from payments.gateway.balance import Movement, balances, movements_since
from payments.gateway.cards import (
    CardSnapshot,
    CustomerSnapshot,
    SetupSnapshot,
    begin_setup,
    create_customer,
    forget_card,
    retrieve_card,
    retrieve_setup,
)
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
    wish_to_keep,
)
from payments.gateway.payouts import PayoutSnapshot, payouts_since, retrieve_payout
from payments.gateway.refunds import RefundSnapshot, create_refund, refunds_of, refunds_since, retrieve_refund
from payments.gateway.taxes import TaxQuote, TaxRecord, calculate_tax, record_tax, retrieve_tax, reverse_tax
from payments.gateway.transfers import (
    ReversalSnapshot,
    TransferSnapshot,
    find_transfer,
    make_transfer,
    reversals_of,
    reverse_transfer,
    transfers_since,
)

__all__ = [
    "AccountSnapshot",
    "CardSnapshot",
    "CustomerSnapshot",
    "DisputeSnapshot",
    "Fee",
    "IncomingEvent",
    "IntentSnapshot",
    "Movement",
    "PayoutSnapshot",
    "RefundSnapshot",
    "ReversalSnapshot",
    "SetupSnapshot",
    "TaxQuote",
    "TaxRecord",
    "TransferSnapshot",
    "accounts_since",
    "balances",
    "begin_setup",
    "calculate_tax",
    "cancel_intent",
    "capture_intent",
    "confirm_intent",
    "countries_served",
    "create_customer",
    "create_intent",
    "create_refund",
    "dashboard_link",
    "disputes_since",
    "find_account",
    "find_intent",
    "find_transfer",
    "forget_card",
    "hand_in_evidence",
    "intents_since",
    "make_transfer",
    "movements_since",
    "name_customer",
    "onboarding_link",
    "open_account",
    "payouts_since",
    "ping",
    "read_webhook",
    "record_tax",
    "refunds_of",
    "refunds_since",
    "retrieve_account",
    "retrieve_card",
    "retrieve_dispute",
    "retrieve_intent",
    "retrieve_payout",
    "retrieve_refund",
    "retrieve_setup",
    "retrieve_tax",
    "reversals_of",
    "reverse_tax",
    "reverse_transfer",
    "transfers_since",
    "wish_to_keep",
]
