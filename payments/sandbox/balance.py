"""What accounts have: balance transactions, and what they add up to, pending and available."""

from typing import Any

from payments.sandbox import payout_schedule
from payments.sandbox.documents import page, public
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import text
from payments.sandbox.problems import InvalidRequest
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

_FEE_PER_MILLE, _FEE_FIXED = 29, 30
SETTLES_AFTER = 2 * 86_400
"""How long a charge's money is pending, in seconds."""


def book(
    session: Session,
    source: Document,
    kind: str,
    amount: int,
    *,
    fees: list[Document] | None = None,
    available_on: int = 0,
    description: str | None = None,
) -> Document:
    """Write a balance transaction of the acting account; what is available later is pending until then."""
    fees = fees or []
    fee = sum(entry["amount"] for entry in fees)
    available_on = max(session.now, available_on)
    entry: Document = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": session.now,
        "currency": source["currency"],
        "description": description or source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fees,
        "net": amount - fee,
        "reporting_category": _CATEGORIES.get(kind, kind),
        "source": source["id"],
        "status": "pending" if available_on > session.now else "available",
        "type": kind,
    }
    session.tx.add(entry)
    session.tx.move(entry["currency"], entry["status"], entry["net"])
    if entry["status"] == "pending":
        session.tx.set_deadline(entry["id"], available_on)
    else:
        payout_schedule.plan(session)
    return entry


def charge_fee(amount: int, currency: str) -> Document:
    """What Stripe keeps of a charge."""
    return stripe_fee((amount * _FEE_PER_MILLE + 500) // 1000 + _FEE_FIXED, currency, "Stripe processing fees")


def stripe_fee(amount: int, currency: str, description: str) -> Document:
    """One line of a balance transaction's `fee_details`."""
    return {
        "amount": amount,
        "application": None,
        "currency": currency,
        "description": description,
        "type": "stripe_fee",
    }


def settle(session: Session, entry: Document) -> None:
    """The waiting time is over: the money is available."""
    session.tx.save(entry | {"status": "available"})
    session.tx.set_deadline(entry["id"], None)
    session.tx.move(entry["currency"], "pending", -entry["net"])
    session.tx.move(entry["currency"], "available", entry["net"])
    payout_schedule.plan(session)


def require_available(session: Session, amount: int, currency: str) -> None:
    """Raise `balance_insufficient` unless the acting account has this much to give."""
    if session.tx.balances().get((currency, "available"), 0) < amount:
        raise InvalidRequest(
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
            "balance by creating Charges using the 4000000000000077 test card. See: "
            "https://stripe.com/docs/testing#available-balance",
            code="balance_insufficient",
        )


def available_on(session: Session, identifier: str | None) -> int:
    """When the money of a balance transaction is available; at once without one."""
    found = session.tx.find("balance_transaction", identifier) if identifier else None
    return int(found["available_on"]) if found else 0


def retrieve_balance(call: Call) -> Document:
    """``GET /v1/balance``: the platform's, or a connected account's with `Stripe-Account`."""
    call.read({})
    balances = call.tx.balances()
    answer: Document = {"object": "balance", "livemode": False}
    for status in ("available", "pending"):
        answer[status] = _amounts({code: amount for (code, which), amount in balances.items() if which == status})
    if not call.tx.account:
        reserved = {code: -amount for code, amount in call.tx.owed_by_accounts().items()}
        answer["connect_reserved"] = [{"amount": amount, "currency": code} for code, amount in reserved.items()]
    return answer


def retrieve(call: Call) -> Document:
    """``GET /v1/balance_transactions/{id}``."""
    call.read({})
    return public(call.tx.get("balance_transaction", call.ids["id"]))


def listing(call: Call) -> Document:
    """``GET /v1/balance_transactions``."""
    filters = {"source": text, "type": text, "currency": text}
    return page(call, "balance_transaction", "/v1/balance_transactions", filters=filters)


_CATEGORIES = {
    "payment": "charge",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "transfer_refund": "transfer_reversal",
    "adjustment": "dispute",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
}


def _amounts(amounts: dict[str, int]) -> list[dict[str, Any]]:
    shown = amounts or {"usd": 0}
    return [{"amount": amount, "currency": code, "source_types": {"card": amount}} for code, amount in shown.items()]
