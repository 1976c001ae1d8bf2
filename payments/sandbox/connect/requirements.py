"""What Stripe still wants to know about an account, what it makes of the answers, and what the account may do.

An account that has told everything is verified at once, unless a test value says otherwise:

    individual.dob 1901-01-01                      verification pends for a minute of the sandbox's clock, then passes
    individual.dob 1900-01-01                      the account is disabled as listed
    individual.id_number 111111111                 the number does not fit the person
    individual.address.line1 address_no_match      the address does not fit the person
    company.tax_id 111111111                       the number does not fit the company

A failed payout makes its external account due again.
"""

from dataclasses import dataclass
from typing import Any

from payments.sandbox import payout_schedule
from payments.sandbox.connect.account_document import REQUIREMENTS, banks_of, show
from payments.sandbox.events import emit
from payments.sandbox.session import Session
from payments.sandbox.store import Document

CHORE = "verification"
_PENDS = 60
_PERSON = ("first_name", "last_name", "dob.day", "dob.month", "dob.year", "address.line1", "address.city",
           "address.postal_code")  # fmt: skip
_COMPANY = ("name", "tax_id", "address.line1", "address.city", "address.postal_code")
_REFUTED = "111111111"


@dataclass(frozen=True)
class _Verdict:
    """What became of the verification: verified, pending, listed, or what has to be told again and why."""

    state: str
    field: str = ""
    code: str = ""
    reason: str = ""


def refresh(session: Session, account: Document, *, before: Document | None = None) -> None:
    """Work out an account's requirements and capabilities anew, keep it, and tell of what changed since `before`."""
    was = show(session, before) if before else None
    banks = banks_of(session, account["id"])
    due = _missing(account, [bank for bank in banks if bank["status"] != "errored"])
    verdict = _verdict(session, account) if not due else _Verdict("unverified")
    if verdict.field:
        due = [verdict.field]
    statuses = dict(account["capabilities"])
    account["capabilities"] = {name: _status(verdict, due) for name in account["_requested"]}
    account["requirements"] = _requirements(account, due, verdict)
    usable = verdict.state == "verified"
    account["details_submitted"] = account["_onboarded"] or (_platform_collects(account) and not due)
    account["charges_enabled"] = usable and "card_payments" in account["_requested"]
    account["payouts_enabled"] = usable and bool(account["_requested"])
    with session.tx.acting_for(""):
        session.tx.save(account)
    if was is not None:
        _tell(session, account, was, statuses)
    if account["payouts_enabled"]:
        with session.tx.acting_for(account["id"]):
            payout_schedule.plan(session)


def finish_verification(session: Session, account: Document) -> None:
    """The verification that was pending has passed."""
    session.tx.set_deadline(f"{account['id']}/{CHORE}", None)
    refresh(session, account | {"_waited": True}, before=account)


def capability(account: Document, name: str) -> Document:
    """One capability as the API shows it."""
    asked = account["_requested"].get(name)
    status = account["capabilities"].get(name, "unrequested")
    return {
        "id": name,
        "object": "capability",
        "account": account["id"],
        "future_requirements": REQUIREMENTS,
        "requested": asked is not None,
        "requested_at": asked,
        "requirements": account["requirements"] if asked is not None else REQUIREMENTS,
        "status": status,
    }


def _tell(session: Session, account: Document, was: Document, statuses: dict[str, str]) -> None:
    now = show(session, account)
    previous = {name: was.get(name) for name, value in now.items() if was.get(name) != value}
    with session.tx.acting_for(account["id"]):
        for name, status in account["capabilities"].items():
            if statuses.get(name, "unrequested") != status:
                before = {"status": statuses.get(name, "unrequested")}
                emit(session, "capability.updated", capability(account, name), previous=before)
        if previous:
            emit(session, "account.updated", now, previous=previous)


def _missing(account: Document, banks: list[Document]) -> list[str]:
    due = [] if account["business_type"] else ["business_type"]
    if account["business_type"] == "company":
        due += [f"company.{name}" for name in _COMPANY if not _at(account, f"company.{name}")]
    else:
        due += [f"individual.{name}" for name in _PERSON if not _at(account, f"individual.{name}")]
    due += [] if banks else ["external_account"]
    due += [f"tos_acceptance.{name}" for name in ("date", "ip") if not account["tos_acceptance"][name]]
    if account["controller"]["requirement_collection"] == "stripe" and not account["_onboarded"] and not due:
        due = ["business_profile.url"]  # known, but nobody has confirmed it on the hosted page yet
    return sorted(due)


def _verdict(session: Session, account: Document) -> _Verdict:
    born = tuple(str(_at(account, f"individual.dob.{part}")) for part in ("year", "month", "day"))
    if _at(account, "individual.id_number") == _REFUTED:
        return _Verdict("failed", "individual.id_number", "verification_failed_keyed_identity",
                        "The person's keyed-in identity information could not be verified.")  # fmt: skip
    if _at(account, "company.tax_id") == _REFUTED:
        return _Verdict("failed", "company.tax_id", "verification_failed_tax_id_match",
                        "The company's tax ID does not match its name.")  # fmt: skip
    if _at(account, "individual.address.line1") == "address_no_match":
        return _Verdict("failed", "individual.address.line1", "verification_failed_address_match",
                        "The address could not be matched to the person.")  # fmt: skip
    if born == ("1900", "1", "1"):
        return _Verdict("listed")
    if born == ("1901", "1", "1") and not account.get("_waited"):
        session.tx.set_deadline(f"{account['id']}/{CHORE}", session.now + _PENDS)
        return _Verdict("pending")
    return _Verdict("verified")


def _status(verdict: _Verdict, due: list[str]) -> str:
    if verdict.state == "verified" and not due:
        return "active"
    return "pending" if verdict.state == "pending" else "inactive"


def _requirements(account: Document, due: list[str], verdict: _Verdict) -> Document:
    reasons = {"listed": "listed", "pending": "requirements.pending_verification"}
    disabled = "requirements.past_due" if due else reasons.get(verdict.state)
    errors = [{"code": verdict.code, "reason": verdict.reason, "requirement": verdict.field}] if verdict.field else []
    return REQUIREMENTS | {
        "currently_due": due,
        "disabled_reason": disabled if account["_requested"] else None,
        "errors": errors,
        "eventually_due": due,
        "past_due": due if account["_requested"] else [],
        "pending_verification": ["individual.verification.document"] if verdict.state == "pending" else [],
    }


def _platform_collects(account: Document) -> bool:
    return bool(account["controller"]["requirement_collection"] == "application")


def _at(document: Document, path: str) -> Any:
    value: Any = document
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
