"""Tax transactions: the record of a sale, made once from a calculation, under a reference of its own."""

from typing import Any

from payments.sandbox.documents import public
from payments.sandbox.identifiers import new_id
from payments.sandbox.problems import InvalidRequest
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document


def create_from_calculation(call: Call) -> Document:
    """``POST /v1/tax/transactions/create_from_calculation``."""
    sent = call.take("calculation", "metadata", "posted_at", "reference")
    calculation = call.tx.get("tax.calculation", sent["calculation"], param="calculation")
    if calculation["expires_at"] <= call.now:
        raise InvalidRequest("The tax calculation has expired.", code="resource_missing", param="calculation")
    if calculation["_used"]:
        raise InvalidRequest("A tax transaction was already made from this calculation.", param="calculation")
    call.tx.save(calculation | {"_used": True})
    transaction = new_transaction(call, calculation, sent, kind="transaction")
    transaction["_lines"] = [
        line | {"id": new_id("tax_li", 14), "object": "tax.transaction_line_item", "reversal": None,
                "type": "transaction"}
        for line in calculation["_lines"]
    ]  # fmt: skip
    transaction["shipping_cost"] = calculation["shipping_cost"]
    call.tx.add(transaction)
    return shown(transaction)


def retrieve(call: Call) -> Document:
    """``GET /v1/tax/transactions/{transaction}``."""
    call.read({})
    return shown(call.tx.get("tax.transaction", call.ids["transaction"]))


def new_transaction(session: Session, source: Document, sent: dict[str, Any], *, kind: str) -> Document:
    """A transaction without its lines. Raises InvalidRequest when its reference was used before."""
    earlier = session.tx.select("tax.transaction", filters={"reference": [sent["reference"]]}, created={}, limit=1)
    if earlier:
        raise InvalidRequest(
            f"There is already a tax transaction with the reference {sent['reference']}: {earlier[0]['id']}.",
            code="resource_already_exists",
            param="reference",
        )
    kept = ("currency", "customer", "customer_details", "ship_from_details", "tax_date")
    return {
        "id": new_id("tax"),
        "object": "tax.transaction",
        "created": session.now,
        **{name: source[name] for name in kept},
        "livemode": False,
        "metadata": sent.get("metadata"),
        "posted_at": sent.get("posted_at") if isinstance(sent.get("posted_at"), int) else session.now,
        "reference": sent["reference"],
        "reversal": None,
        "shipping_cost": None,
        "type": kind,
        "_lines": [],
    }


def shown(transaction: Document) -> Document:
    """The transaction as the API shows it, with its lines."""
    url = f"/v1/tax/transactions/{transaction['id']}/line_items"
    lines = {"object": "list", "data": transaction["_lines"], "has_more": False, "url": url}
    return public(transaction) | {"line_items": lines}
