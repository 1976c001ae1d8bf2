"""Payouts: an account's money to its bank, by hand or by its schedule; a failed one comes back."""

from typing import Any

from payments.sandbox.balance import book, require_available
from payments.sandbox.connect import banks
from payments.sandbox.connect.account_document import banks_of
from payments.sandbox.connect.requirements import refresh
from payments.sandbox.currencies import currency
from payments.sandbox.documents import page, public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import merge_metadata, text
from payments.sandbox.payout_schedule import CHORE
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document

_DAY = 86_400
_DAYS_TO_ARRIVE = 2
_PLATFORM_BANK = {"account_number": "000123456789", "routing_number": "110000000", "country": "US"}


def create(call: Call) -> Document:
    """``POST /v1/payouts``, for the platform, or for an account with `Stripe-Account`."""
    sent = call.take(
        "amount", "currency", "description", "destination", "metadata", "method", "source_type", "statement_descriptor"
    )
    if sent["amount"] < 1:
        raise ParameterProblem("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if sent.get("method") == "instant":
        raise InvalidRequest("The sandbox's banks take no instant payouts.", code="instant_payouts_unsupported",
                             param="method")  # fmt: skip
    code = currency(sent["currency"], "currency")
    bank = _bank(call, code, sent.get("destination"))
    require_available(call, sent["amount"], code)
    return public(_make(call, sent | {"currency": code}, bank, automatic=False))


def pay_out_automatically(session: Session, account: Document) -> None:
    """The schedule's day has come: everything that is available goes to the bank."""
    session.tx.set_deadline(f"{account['id']}/{CHORE}", None)
    with session.tx.acting_for(account["id"]):
        for (code, status), amount in session.tx.balances().items():
            bank = _default_bank(session, account, code)
            if status == "available" and amount > 0 and bank is not None:
                sent = {"amount": amount, "currency": code, "description": "STRIPE PAYOUT"}
                _make(session, sent, bank, automatic=True)


def progress(session: Session, payout: Document) -> None:
    """Time has passed: the payout is on its way, and then it has arrived or failed."""
    if payout["status"] == "pending" and session.now < payout["arrival_date"]:
        payout["status"] = "in_transit"
        session.tx.set_deadline(payout["id"], payout["arrival_date"])
        session.tx.save(payout)
        emit(session, "payout.updated", payout, previous={"status": "pending"})
        return
    session.tx.set_deadline(payout["id"], None)
    if payout["_fails"]:
        _fail(session, payout)
        return
    payout["status"] = "paid"
    session.tx.save(payout)
    emit(session, "payout.paid", payout)


def cancel(call: Call) -> Document:
    """``POST /v1/payouts/{id}/cancel``, while it is pending and was made by hand."""
    call.read({})
    payout = call.tx.get("payout", call.ids["id"])
    if payout["status"] != "pending" or payout["automatic"]:
        raise InvalidRequest(
            "Payouts can only be canceled while they are pending and if they were created through the API.",
            code="payout_not_cancellable",
        )
    entry = book(call, payout, "payout_cancel", payout["amount"])
    payout |= {"status": "canceled", "failure_balance_transaction": entry["id"]}
    call.tx.set_deadline(payout["id"], None)
    call.tx.save(payout)
    emit(call, "payout.canceled", payout)
    return public(payout)


def retrieve(call: Call) -> Document:
    """``GET /v1/payouts/{id}``."""
    call.read({})
    return public(call.tx.get("payout", call.ids["id"]))


def update(call: Call) -> Document:
    """``POST /v1/payouts/{id}``: only the metadata can change."""
    sent = call.take("metadata")
    payout = call.tx.get("payout", call.ids["id"])
    payout["metadata"] = merge_metadata(payout["metadata"], sent.get("metadata") or {})
    call.tx.save(payout)
    emit(call, "payout.updated", payout)
    return public(payout)


def listing(call: Call) -> Document:
    """``GET /v1/payouts``."""
    return page(call, "payout", "/v1/payouts", filters={"destination": text, "status": text})


def _make(session: Session, sent: dict[str, Any], bank: Document, *, automatic: bool) -> Document:
    midnight = session.now - session.now % _DAY
    payout: Document = {
        "id": new_id("po"),
        "object": "payout",
        "amount": sent["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": midnight + _DAYS_TO_ARRIVE * _DAY,
        "automatic": automatic,
        "balance_transaction": None,
        "created": session.now,
        "currency": sent["currency"],
        "description": sent.get("description"),
        "destination": bank["id"],
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": sent.get("metadata", {}),
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": sent.get("source_type", "card"),
        "statement_descriptor": sent.get("statement_descriptor"),
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
        "_fails": bank["_fails"],
    }
    payout["balance_transaction"] = book(session, payout, "payout", -payout["amount"])["id"]
    session.tx.add(payout)
    session.tx.set_deadline(payout["id"], midnight + _DAY)
    emit(session, "payout.created", payout)
    return payout


def _fail(session: Session, payout: Document) -> None:
    code = payout["_fails"]
    entry = book(session, payout, "payout_failure", payout["amount"])
    payout |= {
        "status": "failed",
        "failure_balance_transaction": entry["id"],
        "failure_code": code,
        "failure_message": banks.FAILURES[code],
    }
    session.tx.save(payout)
    emit(session, "payout.failed", payout)
    with session.tx.acting_for(""):
        bank = session.tx.find("bank_account", payout["destination"])
        account = session.tx.find("account", bank["account"]) if bank else None
    if bank and account:
        # No further payout goes to this bank until the account gives another.
        with session.tx.acting_for(""):
            session.tx.save(bank | {"status": "errored"})
        refresh(session, account, before=account)


def _bank(session: Session, code: str, wanted: str | None) -> Document:
    account = session.tx.account
    if not account:
        owned = [bank for bank in banks_of(session, "platform") if bank["currency"] == code]
        if not owned and wanted is None:
            return banks.add(session, "platform", _PLATFORM_BANK | {"currency": code})
        return banks.choose(session, "platform", code, wanted)
    with session.tx.acting_for(""):
        known = session.tx.find("account", account)
    if known is None or not known["payouts_enabled"]:
        raise InvalidRequest("Payouts are not enabled on this account.", code="payouts_not_allowed")
    return banks.choose(session, account, code, wanted)


def _default_bank(session: Session, account: Document, code: str) -> Document | None:
    if not account["payouts_enabled"]:
        return None
    found = [bank for bank in banks_of(session, account["id"]) if bank["currency"] == code]
    return next((bank for bank in found if bank["default_for_currency"] and bank["status"] != "errored"), None)
