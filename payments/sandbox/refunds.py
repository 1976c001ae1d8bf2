"""Refunds: money back to the card, in part or whole, never more than was captured."""

from payments.sandbox.balance import available_on, book
from payments.sandbox.connect.destination_charges import reverse_share
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import Shape, boolean, choice, merge_metadata, metadata, text, whole
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

_CREATE: Shape = {
    "amount": whole(minimum=1),
    "charge": text,
    "payment_intent": text,
    "metadata": metadata,
    "reason": choice("duplicate", "fraudulent", "requested_by_customer"),
    "refund_application_fee": boolean,
    "reverse_transfer": boolean,
}
_TAKES = 60
"""How long a test card's refund pends, or seems to have succeeded before it fails, in seconds of the clock."""


def create(call: Call) -> Document:
    """``POST /v1/refunds``, naming a charge or a payment intent."""
    sent = call.read(_CREATE)
    charge = _charge_of(call, sent.get("charge"), sent.get("payment_intent"))
    if charge["disputed"] and not _only_asked_about(call, charge):
        raise InvalidRequest(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise InvalidRequest(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = sent.get("amount", left)
    if amount > left:
        raise InvalidRequest(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    if sent.get("refund_application_fee"):
        raise InvalidRequest(
            f"Cannot refund the application fee: the charge {charge['id']} has none.", param="refund_application_fee"
        )
    refund = _document(call, charge, amount) | {
        "metadata": sent.get("metadata", {}),
        "reason": sent.get("reason"),
    }
    if sent.get("reverse_transfer"):
        refund["transfer_reversal"] = reverse_share(call, charge, refund)
    # Stripe keeps its fee; money that is still pending is given back out of the pending.
    until = available_on(call, charge["balance_transaction"])
    refund["balance_transaction"] = book(call, refund, "refund", -amount, available_on=until)["id"]
    if charge["_fate"] == "refund_pends":
        refund |= {"status": "pending", "pending_reason": "processing"}
    if charge["_fate"] in ("refund_pends", "refund_fails"):
        call.tx.set_deadline(refund["id"], call.now + _TAKES)
    call.tx.add(refund)
    _give_back(call, charge, amount)
    emit(call, "refund.created", refund)
    emit(call, "charge.refunded", charge)
    return public(refund)


def progress(session: Session, refund: Document) -> None:
    """The bank has answered: the refund has succeeded, or it failed and the money is ours again."""
    session.tx.set_deadline(refund["id"], None)
    charge = session.tx.get("charge", refund["charge"])
    if charge["_fate"] == "refund_pends":
        refund["status"] = "succeeded"
        refund.pop("pending_reason")
    else:
        until = available_on(session, charge["balance_transaction"])
        entry = book(session, refund, "refund_failure", refund["amount"], available_on=until)
        refund |= {
            "status": "failed",
            "failure_balance_transaction": entry["id"],
            "failure_reason": "expired_or_canceled_card",
        }
        _give_back(session, charge, -refund["amount"])
    session.tx.save(refund)
    emit(session, "refund.updated", refund)
    emit(session, "charge.refund.updated", refund)
    if refund["status"] == "failed":
        emit(session, "refund.failed", refund)


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


def _only_asked_about(session: Session, charge: Document) -> bool:
    """An inquiry leaves a charge refundable; a chargeback does not."""
    disputes = session.tx.select("dispute", filters={"charge": [charge["id"]]}, created={}, limit=10)
    return all(dispute["is_charge_refundable"] for dispute in disputes)


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
