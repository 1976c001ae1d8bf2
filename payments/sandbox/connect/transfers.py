"""Transfers: money from the platform's balance to a connected account's."""

from typing import Any

from payments.sandbox.balance import available_on, book, require_available
from payments.sandbox.connect.destination_payment import new_payment
from payments.sandbox.currencies import currency
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import merge_metadata, text
from payments.sandbox.problems import InvalidRequest, ParameterProblem, ResourceMissing
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

_MANY = 10_000


def create(call: Call) -> Document:
    """``POST /v1/transfers``, from the available balance or from one charge (`source_transaction`)."""
    sent = call.take(
        "amount", "currency", "description", "destination", "metadata", "source_transaction", "source_type",
        "transfer_group",
    )  # fmt: skip
    if "amount" not in sent:
        raise ParameterProblem("Missing required param: amount.", code="parameter_missing", param="amount")
    if sent["amount"] < 1:
        raise ParameterProblem("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    return show(call, make(call, sent))


def make(session: Session, sent: dict[str, Any]) -> Document:
    """Move the money from checked parameters. Raises what Stripe would."""
    amount, code = sent["amount"], currency(sent["currency"], "currency")
    account = _destination(session, sent["destination"])
    charge = _source(session, sent["source_transaction"], amount, code) if sent.get("source_transaction") else None
    if charge is None:
        require_available(session, amount, code)
    group: str | None = sent.get("transfer_group")
    if group is None and charge is not None:
        group = charge["transfer_group"] or f"group_{charge['id']}"
    transfer = _document(session, sent, account["id"], group)
    until = available_on(session, charge["balance_transaction"]) if charge else 0
    transfer["balance_transaction"] = book(session, transfer, "transfer", -amount, available_on=until)["id"]
    payment = new_payment(session, transfer)
    with session.tx.acting_for(account["id"]):
        entry = book(session, payment, "payment", amount, available_on=until)
        session.tx.add(payment | {"balance_transaction": entry["id"]})
        emit(session, "payment.created", payment | {"balance_transaction": entry["id"]})
    transfer["destination_payment"] = payment["id"]
    session.tx.add(transfer)
    emit(session, "transfer.created", show(session, transfer))
    return transfer


def show(session: Session, transfer: Document) -> Document:
    """The transfer as the API shows it, with its reversals."""
    found = session.tx.select("transfer_reversal", filters={"transfer": [transfer["id"]]}, created={}, limit=11)
    return public(transfer) | {
        "reversals": {
            "object": "list",
            "data": [public(reversal) for reversal in found[:10]],
            "has_more": len(found) > 10,
            "url": f"/v1/transfers/{transfer['id']}/reversals",
        }
    }


def retrieve(call: Call) -> Document:
    """``GET /v1/transfers/{id}``."""
    call.read({})
    return show(call, call.tx.get("transfer", call.ids["id"]))


def update(call: Call) -> Document:
    """``POST /v1/transfers/{id}``: the description and the metadata."""
    sent = call.take("description", "metadata")
    transfer = call.tx.get("transfer", call.ids["id"])
    transfer["metadata"] = merge_metadata(transfer["metadata"], sent.get("metadata") or {})
    transfer["description"] = sent.get("description", transfer["description"])
    call.tx.save(transfer)
    emit(call, "transfer.updated", show(call, transfer))
    return show(call, transfer)


def listing(call: Call) -> Document:
    """``GET /v1/transfers``."""
    filters = {"destination": text, "transfer_group": text}
    answer = page(call, "transfer", "/v1/transfers", filters=filters)
    answer["data"] = [show(call, transfer) for transfer in answer["data"]]
    return answer


def _destination(session: Session, identifier: str) -> Document:
    with session.tx.acting_for(""):
        account = session.tx.find("account", identifier)
    if account is None:
        raise ResourceMissing(f"No such destination: '{identifier}'", param="destination")
    if account["capabilities"].get("transfers") != "active":
        raise InvalidRequest(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    return account


def _source(session: Session, identifier: str, amount: int, code: str) -> Document:
    """The charge whose money a transfer passes on; its transfers never exceed it."""
    charge = session.tx.get("charge", identifier, param="source_transaction")
    if not charge["captured"]:
        raise InvalidRequest(
            f"The charge {identifier} has not been captured, so it cannot be transferred.", param="source_transaction"
        )
    if charge["currency"] != code:
        raise InvalidRequest(
            f"The currency of source_transaction's balance transaction ({charge['currency']}) must be the same as the "
            f"transfer currency ({code})",
            param="currency",
        )
    made = session.tx.select("transfer", filters={"source_transaction": [identifier]}, created={}, limit=_MANY)
    passed = sum(transfer["amount"] - transfer["amount_reversed"] for transfer in made)
    if passed + amount > charge["amount_captured"]:
        raise InvalidRequest(
            f"Transfers using this transaction as a source must not exceed the source amount of "
            f"{charge['amount_captured']} {code}. (There are already existing transfers amounting to {passed}.)",
            param="amount",
        )
    return charge


def _document(session: Session, sent: dict[str, Any], destination: str, group: str | None) -> Document:
    return {
        "id": new_id("tr"),
        "object": "transfer",
        "amount": sent["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": session.now,
        "currency": currency(sent["currency"], "currency"),
        "description": sent.get("description"),
        "destination": destination,
        "destination_payment": None,
        "livemode": False,
        "metadata": sent.get("metadata", {}),
        "reversed": False,
        "source_transaction": sent.get("source_transaction"),
        "source_type": sent.get("source_type", "card"),
        "transfer_group": group,
    }
