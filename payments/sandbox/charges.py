"""Charges: one for each attempt to take money from a card."""

from typing import Any

from payments.sandbox.balance import SETTLES_AFTER, book, charge_fee
from payments.sandbox.connect.destination_charges import pass_on
from payments.sandbox.descriptors import on_statement
from payments.sandbox.disputes.opening import bring
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import Shape, text
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

AUTHORISATION_SECONDS = 7 * 86_400
"""How long a card's authorisation holds before it lapses."""


def attempt(session: Session, intent: Document, method: Document, *, decline: tuple[str, str, str] | None) -> Document:
    """Keep a charge for an intent: authorised or captured, or failed with (code, decline code, message)."""
    manual = intent["capture_method"] == "manual"
    captured = decline is None and not manual
    charge = _document(session, intent, method) | {
        "status": "failed" if decline else "succeeded",
        "paid": decline is None,
        "captured": captured,
        "amount_captured": intent["amount"] if captured else 0,
        "outcome": _outcome(decline),
    }
    if decline:
        charge |= {"failure_code": decline[0], "failure_message": decline[2]}
    elif manual:
        charge["payment_method_details"]["card"]["capture_before"] = session.now + AUTHORISATION_SECONDS
    else:
        charge["balance_transaction"] = _book(session, charge)
    session.tx.add(charge)
    emit(session, "charge.failed" if decline else "charge.succeeded", charge)
    if captured:
        _follow(session, charge)
    return charge


def capture(session: Session, charge: Document, amount: int) -> None:
    """Take up to what was authorised; the rest goes back to the card."""
    charge |= {"captured": True, "amount_captured": amount}
    charge["balance_transaction"] = _book(session, charge)
    session.tx.save(charge)
    emit(session, "charge.captured", charge)
    _follow(session, charge)


def retrieve(call: Call) -> Document:
    """``GET /v1/charges/{id}``."""
    call.read({})
    return public(call.tx.get("charge", call.ids["id"]))


def listing(call: Call) -> Document:
    """``GET /v1/charges``."""
    filters: Shape = {"payment_intent": text, "customer": text, "transfer_group": text}
    return page(call, "charge", "/v1/charges", filters=filters)


def _book(session: Session, charge: Document) -> str:
    """Book what was captured, less Stripe's fee; it is pending for two days, unless the test card goes by that."""
    amount, currency = charge["amount_captured"], charge["currency"]
    fees = [charge_fee(amount, currency)]
    available_on = 0 if charge["_fate"] == "bypass_pending" else session.now + SETTLES_AFTER
    entry = book(session, charge, "charge", amount, fees=fees, available_on=available_on)
    return str(entry["id"])


def _follow(session: Session, charge: Document) -> None:
    """What comes of captured money by itself: its destination's share, and what the test card brings."""
    pass_on(session, charge)
    bring(session, charge)


def _outcome(decline: tuple[str, str, str] | None) -> dict[str, Any]:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": decline[1] if decline else None,
        "risk_level": "normal",
        "seller_message": "The bank did not return any further details." if decline else "Payment complete.",
        "type": "issuer_declined" if decline else "authorized",
    }


def _document(session: Session, intent: Document, method: Document) -> Document:
    identifier = new_id("ch")
    return {
        "id": identifier,
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": on_statement(intent),
        "created": session.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": intent["on_behalf_of"],
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card_details(intent, method), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "transfer_data": intent["transfer_data"],
        "transfer_group": intent["transfer_group"],
        "_fate": method["_fate"],
    }


def _card_details(intent: Document, method: Document) -> dict[str, Any]:
    card = method["card"]
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    return {
        **{name: card[name] for name in kept},
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": None,
    }
