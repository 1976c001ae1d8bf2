"""Refunds: money back to the card, in part or whole, never more than was captured."""

from payments.sandbox.balance import available_on, book
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import Shape, choice, merge_metadata, metadata, text, whole
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

_CREATE: Shape = {
    "amount": whole(minimum=1),
    "charge": text,
    "payment_intent": text,
    "metadata": metadata,
    "reason": choice("duplicate", "fraudulent", "requested_by_customer"),
}


def create(call: Call) -> Document:
    """``POST /v1/refunds``, naming a charge or a payment intent."""
    sent = call.read(_CREATE)
    charge = _charge_of(call, sent.get("charge"), sent.get("payment_intent"))
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise InvalidRequest(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = sent.get("amount", left)
    if amount > left:
        raise InvalidRequest(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    refund = _document(call, charge, amount) | {
        "metadata": sent.get("metadata", {}),
        "reason": sent.get("reason"),
    }
    # Stripe keeps its fee; money that is still pending is given back out of the pending.
    until = available_on(call, charge["balance_transaction"])
    refund["balance_transaction"] = book(call, refund, "refund", -amount, available_on=until)["id"]
    call.tx.add(refund)
    _give_back(call, charge, amount)
    emit(call, "refund.created", refund)
    emit(call, "charge.refunded", charge)
    return public(refund)


def reverse_authorisation(session: Session, charge: Document) -> None:
    """Give an authorised, uncaptured amount back, as cancelling its payment intent does."""
    refund = _document(session, charge, charge["amount"]) | {
        "destination_details": {"card": {"type": "reversal"}, "type": "card"}
    }
    session.tx.add(refund)
    _give_back(session, charge, charge["amount"])
    emit(session, "charge.refunded", charge)


def retrieve(call: Call) -> Document:
    """``GET /v1/refunds/{id}``."""
    call.read({})
    return public(call.tx.get("refund", call.ids["id"]))


def update(call: Call) -> Document:
    """``POST /v1/refunds/{id}``: only the metadata can change."""
    sent = call.read({"metadata": metadata})
    refund = call.tx.get("refund", call.ids["id"])
    refund["metadata"] = merge_metadata(refund["metadata"], sent.get("metadata", {}))
    call.tx.save(refund)
    emit(call, "refund.updated", refund)
    return public(refund)


def listing(call: Call) -> Document:
    """``GET /v1/refunds``."""
    return page(call, "refund", "/v1/refunds", filters={"charge": text, "payment_intent": text})


def _charge_of(call: Call, charge: str | None, intent: str | None) -> Document:
    if (charge is None) == (intent is None):
        raise ParameterProblem(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    if intent is not None:
        found = call.tx.get("payment_intent", intent, param="payment_intent")
        if found["status"] != "succeeded":
            raise InvalidRequest(
                f"This PaymentIntent ({intent}) does not have a successful charge to refund.", param="payment_intent"
            )
        return call.tx.get("charge", found["latest_charge"])
    document = call.tx.get("charge", str(charge), param="charge")
    if not document["captured"]:
        raise InvalidRequest(f"Charge {charge} has not been captured; cancel its PaymentIntent.", param="charge")
    return document


def _give_back(session: Session, charge: Document, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == (charge["amount_captured"] or charge["amount"])
    session.tx.save(charge)


def _document(session: Session, charge: Document, amount: int) -> Document:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": session.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {"card": {"reference_status": "pending", "type": "refund"}, "type": "card"},
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
