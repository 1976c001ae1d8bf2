"""Payment methods that a customer keeps: attached, used again, detached."""

from payments.sandbox.cards import DECLINES
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.parameters import merge_metadata, text
from payments.sandbox.payment_methods import resolve
from payments.sandbox.problems import CardProblem, InvalidRequest
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

_FILTERS = {"customer": text, "type": text}


def attach_call(call: Call) -> Document:
    """``POST /v1/payment_methods/{id}/attach``. Raises CardProblem where the bank refuses the card."""
    sent = call.take("customer")
    method = resolve(call, call.ids["id"])
    call.tx.get("customer", str(sent.get("customer")), param="customer")
    check_with_bank(method)
    attach(call, method, str(sent["customer"]))
    return public(method)


def detach_call(call: Call) -> Document:
    """``POST /v1/payment_methods/{id}/detach``: for good, as at Stripe."""
    call.read({})
    method = call.tx.get("payment_method", call.ids["id"])
    if method["customer"] is None:
        raise InvalidRequest(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            code="payment_method_unexpected_state",
        )
    was = method["customer"]
    method |= {"customer": None, "_used": True}
    call.tx.save(method)
    emit(call, "payment_method.detached", method, previous={"customer": was})
    return public(method)


def update(call: Call) -> Document:
    """``POST /v1/payment_methods/{id}``: metadata, and whether it may be shown again."""
    sent = call.take("allow_redisplay", "metadata")
    method = call.tx.get("payment_method", call.ids["id"])
    if method["customer"] is None:
        raise InvalidRequest("You must save this PaymentMethod to a customer before you can update it.")
    method["metadata"] = merge_metadata(method["metadata"], sent.get("metadata") or {})
    method["allow_redisplay"] = sent.get("allow_redisplay", method["allow_redisplay"])
    call.tx.save(method)
    emit(call, "payment_method.updated", method)
    return public(method)


def listing(call: Call) -> Document:
    """``GET /v1/payment_methods``, of a customer and a type."""
    return page(call, "payment_method", "/v1/payment_methods", filters=_FILTERS)


def list_of_customer(call: Call) -> Document:
    """``GET /v1/customers/{customer}/payment_methods``."""
    customer = call.tx.get("customer", call.ids["customer"], param="customer")
    url = f"/v1/customers/{customer['id']}/payment_methods"
    return page(call, "payment_method", url, filters={"type": text}, within={"customer": customer["id"]})


def attach(session: Session, method: Document, customer: str) -> None:
    """Keep a payment method for a customer. Raises InvalidRequest when it is another's or used up."""
    if method["customer"] == customer:
        return
    if method["customer"] is not None:
        raise InvalidRequest(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_unexpected_state",
        )
    _require_fresh(method)
    method["customer"] = customer
    session.tx.save(method)
    emit(session, "payment_method.attached", method)


def require_usable(intent: Document, method: Document) -> None:
    """Refuse a card that is somebody else's, or that was used without being kept."""
    if method["customer"] is not None and method["customer"] != intent["customer"]:
        whose = "that customer" if intent["customer"] is None else "a different customer"
        raise InvalidRequest(
            f"The provided PaymentMethod ({method['id']}) belongs to {whose}; please provide the customer it is "
            "attached to in the customer parameter.",
            param="payment_method",
        )
    _require_fresh(method)


def keep(session: Session, intent: Document, method: Document) -> None:
    """After a card was accepted: keep it where that was wished, otherwise it is used up."""
    usage = intent.get("setup_future_usage") or intent.get("usage")
    if usage == "off_session":
        method["_set_up"] = True
    if usage and intent["customer"]:
        session.tx.save(method)
        attach(session, method, intent["customer"])
    elif not usage and method["customer"] is None:
        method["_used"] = True
    session.tx.save(method)


def check_with_bank(method: Document) -> None:
    """Ask the bank whether it knows the card, without taking money. Raises CardProblem."""
    if method["_decline"] and method["_fate"] != "declines_when_charged":
        code, message = DECLINES[method["_decline"]]
        reason = method["_decline"] if code == "card_declined" else None
        raise CardProblem(message, code=code, decline_code=reason, payment_method=public(method))


def _require_fresh(method: Document) -> None:
    if method["customer"] is None and method.get("_used"):
        raise InvalidRequest(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared "
            "with a connected account without Customer attachment, or was detached from a Customer. It may not be "
            "used again.",
            param="payment_method",
        )
