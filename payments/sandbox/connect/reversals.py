"""Reversals: transferred money back to the platform, in part or whole."""

from payments.sandbox.balance import available_on, book, require_available
from payments.sandbox.connect.destination_payment import new_payment_refund
from payments.sandbox.connect.transfers import show
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import merge_metadata
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document


def create(call: Call) -> Document:
    """``POST /v1/transfers/{transfer}/reversals``."""
    sent = call.take("amount", "description", "metadata", "refund_application_fee")
    transfer = call.tx.get("transfer", call.ids["transfer"])
    if sent.get("refund_application_fee"):
        raise InvalidRequest("This transfer has no application fee to refund.", param="refund_application_fee")
    if sent.get("amount", 1) < 1:
        raise ParameterProblem("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    left = transfer["amount"] - transfer["amount_reversed"]
    return public(reverse(call, transfer, sent.get("amount", left), metadata=sent.get("metadata", {})))


def reverse(
    session: Session,
    transfer: Document,
    amount: int,
    *,
    metadata: dict[str, str] | None = None,
    refund: str | None = None,
) -> Document:
    """Take an amount of a transfer back. Raises InvalidRequest beyond what is left of it.

    Where the platform answers for an account's losses the account may go below zero; elsewhere its balance must do.
    """
    left = transfer["amount"] - transfer["amount_reversed"]
    if left == 0:
        raise InvalidRequest(f"Transfer {transfer['id']} is already fully reversed.", code="transfer_already_reversed")
    if amount > left:
        raise InvalidRequest(
            f"Reversal amount ({amount}) is greater than the unreversed amount of the transfer ({left}).",
            param="amount",
        )
    reversal: Document = {
        "id": new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": session.now,
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": metadata or {},
        "source_refund": refund,
        "transfer": transfer["id"],
    }
    until = available_on(session, transfer["balance_transaction"])
    reversal["destination_payment_refund"] = _take_back(session, transfer, amount, reversal["id"], until)
    reversal["balance_transaction"] = book(session, reversal, "transfer_refund", amount, available_on=until)["id"]
    session.tx.add(reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    session.tx.save(transfer)
    emit(session, "transfer.reversed", show(session, transfer))
    return reversal


def retrieve(call: Call) -> Document:
    """``GET /v1/transfers/{transfer}/reversals/{id}``."""
    call.read({})
    return public(call.tx.get("transfer_reversal", call.ids["id"]))


def update(call: Call) -> Document:
    """``POST /v1/transfers/{transfer}/reversals/{id}``: only the metadata can change."""
    sent = call.take("metadata")
    reversal = call.tx.get("transfer_reversal", call.ids["id"])
    reversal["metadata"] = merge_metadata(reversal["metadata"], sent.get("metadata") or {})
    call.tx.save(reversal)
    return public(reversal)


def listing(call: Call) -> Document:
    """``GET /v1/transfers/{transfer}/reversals``."""
    transfer = call.tx.get("transfer", call.ids["transfer"])
    url = f"/v1/transfers/{transfer['id']}/reversals"
    return page(call, "transfer_reversal", url, within={"transfer": transfer["id"]})


def _take_back(session: Session, transfer: Document, amount: int, reversal: str, until: int) -> str:
    with session.tx.acting_for(""):
        account = session.tx.find("account", transfer["destination"])
    with session.tx.acting_for(transfer["destination"]):
        backed = account is not None and account["controller"]["losses"]["payments"] == "application"
        if not backed and until <= session.now:
            require_available(session, amount, transfer["currency"])
        payment = session.tx.get("charge", transfer["destination_payment"])
        refund = new_payment_refund(session, payment, amount, reversal)
        refund["balance_transaction"] = book(session, refund, "payment_refund", -amount, available_on=until)["id"]
        session.tx.add(refund)
        payment["amount_refunded"] += amount
        payment["refunded"] = payment["amount_refunded"] == payment["amount"]
        session.tx.save(payment)
        emit(session, "charge.refunded", payment)
    return str(refund["id"])
