"""What a test card brings upon its payment: a dispute, an inquiry, an early fraud warning."""

from payments.sandbox.balance import available_on, book, stripe_fee
from payments.sandbox.currencies import minor
from payments.sandbox.documents import public
from payments.sandbox.events import emit
from payments.sandbox.identifiers import new_id
from payments.sandbox.session import Session
from payments.sandbox.store import Document

ANSWER_WITHIN = 9 * 86_400
"""How long the platform has to answer, in seconds."""
_FEE = 15
_REASONS = {
    "disputed_fraudulent": ("fraudulent", "10.4"),
    "disputed_product_not_received": ("product_not_received", "13.1"),
    "disputed_inquiry": ("general", "10.4"),
}
_EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file",
    "uncategorized_text",
)  # fmt: skip


def bring(session: Session, charge: Document) -> None:
    """Do to a captured charge what its card's number promises."""
    fate = charge["_fate"]
    if fate == "fraud_warning":
        _warn(session, charge)
    elif fate in _REASONS:
        _open(session, charge, inquiry=fate == "disputed_inquiry")


def withdraw(session: Session, dispute: Document, charge: Document) -> None:
    """The bank takes the money back, and Stripe a fee."""
    fee = stripe_fee(minor(_FEE, dispute["currency"]), dispute["currency"], "Dispute fee")
    until = available_on(session, charge["balance_transaction"])
    text = f"Chargeback withdrawal for {charge['id']}"
    entry = book(session, dispute, "adjustment", -dispute["amount"], fees=[fee], available_on=until, description=text)
    dispute["balance_transactions"].append(public(entry))
    dispute["is_charge_refundable"] = False
    session.tx.save(dispute)
    charge["disputed"] = True
    session.tx.save(charge)
    emit(session, "charge.dispute.funds_withdrawn", dispute)


def _open(session: Session, charge: Document, *, inquiry: bool) -> None:
    dispute = _document(session, charge, inquiry=inquiry)
    session.tx.add(dispute)
    session.tx.set_deadline(dispute["id"], dispute["evidence_details"]["due_by"])
    charge["disputed"] = True
    session.tx.save(charge)
    emit(session, "charge.dispute.created", dispute)
    if not inquiry:
        withdraw(session, dispute, charge)


def _warn(session: Session, charge: Document) -> None:
    warning: Document = {
        "id": new_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": charge["id"],
        "created": session.now,
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    session.tx.add(warning)
    emit(session, "radar.early_fraud_warning.created", warning)


def _document(session: Session, charge: Document, *, inquiry: bool) -> Document:
    reason, network_code = _REASONS[charge["_fate"]]
    brand = charge["payment_method_details"]["card"]["brand"]
    return {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": charge["amount_captured"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": session.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": session.now + ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": brand,
                "case_type": "inquiry" if inquiry else "chargeback",
                "network": brand,
                "network_reason_code": network_code,
            },
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
