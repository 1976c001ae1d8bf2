"""Evidence and decisions. As in Stripe's test mode, the evidence's words decide:

winning_evidence            won; an inquiry is closed
losing_evidence             lost; an inquiry becomes a dispute and is lost
escalate_inquiry_evidence   an inquiry becomes a dispute
anything else               the bank thinks for sixty days, and the payer is right
"""

from payments.sandbox.balance import available_on, book
from payments.sandbox.disputes.opening import ANSWER_WITHIN, withdraw
from payments.sandbox.documents import public
from payments.sandbox.events import emit
from payments.sandbox.problems import InvalidRequest
from payments.sandbox.session import Session
from payments.sandbox.store import Document

OPEN = ("needs_response", "warning_needs_response", "under_review", "warning_under_review")
_AT_ONCE, _THINKS = 1, 60 * 86_400
_WORDS = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence")


def submit(session: Session, dispute: Document) -> None:
    """The evidence goes to the bank. Raises InvalidRequest when it is too late."""
    require_open(dispute)
    details = dispute["evidence_details"]
    if not details["has_evidence"]:
        raise InvalidRequest("There is no evidence to submit.", param="evidence")
    details["submission_count"] += 1
    dispute["status"] = "warning_under_review" if dispute["status"].startswith("warning") else "under_review"
    said = _said(dispute)
    session.tx.set_deadline(dispute["id"], session.now + (_AT_ONCE if said else _THINKS))


def progress(session: Session, dispute: Document) -> None:
    """The bank has decided, or nobody answered it in time."""
    session.tx.set_deadline(dispute["id"], None)
    said = _said(dispute) if dispute["status"].endswith("under_review") else None
    if not said:
        dispute["evidence_details"]["past_due"] = dispute["status"].endswith("needs_response")
    inquiry = dispute["status"].startswith("warning")
    if inquiry and said in ("escalate_inquiry_evidence", "losing_evidence"):
        _escalate(session, dispute)
        if said == "losing_evidence":
            close(session, dispute, "lost")
    elif inquiry:
        close(session, dispute, "warning_closed")
    else:
        close(session, dispute, "won" if said == "winning_evidence" else "lost")


def close(session: Session, dispute: Document, status: str) -> None:
    """End a dispute; what is won comes back, without the fee."""
    session.tx.set_deadline(dispute["id"], None)
    dispute["status"] = status
    charge = session.tx.get("charge", dispute["charge"])
    if status == "won":
        until = available_on(session, charge["balance_transaction"])
        text = f"Chargeback reversal for {charge['id']}"
        entry = book(session, dispute, "adjustment", dispute["amount"], available_on=until, description=text)
        dispute["balance_transactions"].append(public(entry))
    if status != "lost":
        charge["disputed"] = False
        session.tx.save(charge)
        dispute["is_charge_refundable"] = True
    session.tx.save(dispute)
    if status == "won":
        emit(session, "charge.dispute.funds_reinstated", dispute)
    emit(session, "charge.dispute.closed", dispute)


def require_open(dispute: Document) -> None:
    """Refuse to touch what is over."""
    if dispute["status"] not in OPEN:
        raise InvalidRequest(f"This dispute is already closed (status: {dispute['status']}).")


def _escalate(session: Session, dispute: Document) -> None:
    dispute["status"] = "needs_response"
    dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    dispute["evidence_details"] |= {"due_by": session.now + ANSWER_WITHIN, "has_evidence": False}
    dispute["evidence"]["uncategorized_text"] = None
    session.tx.set_deadline(dispute["id"], session.now + ANSWER_WITHIN)
    emit(session, "charge.dispute.updated", dispute)
    withdraw(session, dispute, session.tx.get("charge", dispute["charge"]))


def _said(dispute: Document) -> str | None:
    text = dispute["evidence"]["uncategorized_text"] or ""
    return next((word for word in _WORDS if word in text), None)
