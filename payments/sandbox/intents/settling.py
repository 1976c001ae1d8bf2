"""Settling: what becomes of authorised money."""

from typing import Any

from payments.sandbox import charges
from payments.sandbox.descriptors import check_descriptor, on_statement
from payments.sandbox.events import emit
from payments.sandbox.intents.states import require_cancellable, require_capturable
from payments.sandbox.parameters import merge_metadata
from payments.sandbox.problems import InvalidRequest
from payments.sandbox.refunds import reverse_authorisation
from payments.sandbox.session import Session
from payments.sandbox.store import Document


def capture(session: Session, intent: Document, sent: dict[str, Any]) -> None:
    """Take up to the authorised amount, once."""
    require_capturable(intent)
    amount: int = sent["amount_to_capture"] if "amount_to_capture" in sent else intent["amount_capturable"]
    if amount > intent["amount_capturable"]:
        raise InvalidRequest(
            f"The requested capture amount ({amount}) is greater than the amount you can capture on this "
            f"PaymentIntent ({intent['amount_capturable']}).",
            code="amount_too_large",
            param="amount_to_capture",
        )
    if not sent.get("final_capture", True):
        raise InvalidRequest("This PaymentIntent does not support multiple captures.", param="final_capture")
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        check_descriptor(sent.get(name), name)
        intent[name] = sent.get(name, intent[name])
    charge = session.tx.get("charge", intent["latest_charge"])
    charge["calculated_statement_descriptor"] = on_statement(intent)
    charges.capture(session, charge, amount)
    intent |= {
        "status": "succeeded",
        "amount_capturable": 0,
        "amount_received": amount,
        "metadata": merge_metadata(intent["metadata"], sent.get("metadata", {})),
    }
    session.tx.set_deadline(intent["id"], None)
    session.tx.save(intent)
    emit(session, "payment_intent.succeeded", intent)


def cancel(session: Session, intent: Document, reason: str | None) -> None:
    """Give up an intent; authorised money goes back to the card."""
    require_cancellable(intent)
    if intent["status"] == "requires_capture":
        reverse_authorisation(session, session.tx.get("charge", intent["latest_charge"]))
    _end(session, intent, reason)


def lapse(session: Session, intent: Document) -> None:
    """The card's authorisation ran out before anyone captured it."""
    charge = session.tx.get("charge", intent["latest_charge"])
    charge |= {"amount_refunded": charge["amount"], "refunded": True}
    session.tx.save(charge)
    emit(session, "charge.expired", charge)
    _end(session, intent, "automatic")


def _end(session: Session, intent: Document, reason: str | None) -> None:
    intent |= {
        "status": "canceled",
        "amount_capturable": 0,
        "canceled_at": session.now,
        "cancellation_reason": reason,
        "next_action": None,
        "_authentication": None,
    }
    session.tx.set_deadline(intent["id"], None)
    session.tx.save(intent)
    emit(session, "payment_intent.canceled", intent)
