"""What a payment intent looks like: to us, and to a browser that holds its client secret."""

from typing import Any

from payments.sandbox.identifiers import new_id
from payments.sandbox.store import Document

_BROWSER_SEES = (
    "id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at", "cancellation_reason",
    "capture_method", "client_secret", "confirmation_method", "created", "currency", "description",
    "last_payment_error", "livemode", "next_action", "payment_method", "payment_method_types", "processing",
    "receipt_email", "setup_future_usage", "shipping", "source", "status",
)  # fmt: skip


def new_intent(sent: dict[str, Any], now: int) -> Document:
    """A payment intent from checked parameters, before any payment method."""
    identifier = new_id("pi")
    automatic = sent.get("automatic_payment_methods")
    if automatic is None and "payment_method_types" not in sent:
        automatic = {"enabled": True}
    if automatic and automatic["enabled"]:
        automatic = {"allow_redirects": "always", **automatic}
    card_options = {
        "installments": None,
        "mandate_options": None,
        "network": None,
        "request_three_d_secure": "automatic",
        **sent.get("payment_method_options", {}).get("card", {}),
    }
    return {
        "id": identifier,
        "object": "payment_intent",
        "amount": sent["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": automatic,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": sent.get("capture_method", "automatic_async"),
        "client_secret": f"{identifier}_{new_id('secret', 25)}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": sent["currency"],
        "customer": sent.get("customer"),
        "customer_account": None,
        "description": sent.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": sent.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": sent.get("on_behalf_of"),
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": card_options},
        "payment_method_types": sent.get("payment_method_types", ["card"]),
        "processing": None,
        "receipt_email": sent.get("receipt_email"),
        "review": None,
        "setup_future_usage": sent.get("setup_future_usage"),
        "shipping": sent.get("shipping"),
        "source": None,
        "statement_descriptor": sent.get("statement_descriptor"),
        "statement_descriptor_suffix": sent.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": sent.get("transfer_data"),
        "transfer_group": sent.get("transfer_group"),
    }


def browser_view(intent: Document) -> Document:
    """The members that a publishable key may see."""
    return {name: intent[name] for name in _BROWSER_SEES}
