"""Balance transactions: what each charge and refund did to the account's balance, and Stripe's fee."""

from payments.sandbox.documents import page, public
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import text
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

_FEE_PER_MILLE, _FEE_FIXED = 29, 30
_SETTLES_AFTER = 2 * 86_400


def post_charge(session: Session, charge: Document) -> str:
    """Book a captured charge less Stripe's fee; the money is available two days later."""
    amount = charge["amount_captured"]
    fee = (amount * _FEE_PER_MILLE + 500) // 1000 + _FEE_FIXED
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": charge["currency"],
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    entry = _entry(session, charge, "charge", amount) | {"fee": fee, "fee_details": details, "net": amount - fee}
    session.tx.add(entry)
    session.tx.set_deadline(entry["id"], entry["available_on"])
    return str(entry["id"])


def post_refund(session: Session, refund: Document) -> str:
    """Book a refund; Stripe keeps its fee."""
    entry = _entry(session, refund, "refund", -refund["amount"])
    session.tx.add(entry)
    session.tx.set_deadline(entry["id"], entry["available_on"])
    return str(entry["id"])


def settle(session: Session, entry: Document) -> None:
    """The waiting time is over: the money is available."""
    session.tx.save(entry | {"status": "available"})
    session.tx.set_deadline(entry["id"], None)


def retrieve(call: Call) -> Document:
    """``GET /v1/balance_transactions/{id}``."""
    call.read({})
    return public(call.tx.get("balance_transaction", call.ids["id"]))


def listing(call: Call) -> Document:
    """``GET /v1/balance_transactions``."""
    return page(call, "balance_transaction", "/v1/balance_transactions", filters={"source": text, "type": text})


def _entry(session: Session, source: Document, kind: str, amount: int) -> Document:
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": session.now + _SETTLES_AFTER,
        "balance_type": "payments",
        "created": session.now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
