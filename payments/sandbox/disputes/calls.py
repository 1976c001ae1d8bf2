"""The endpoints of disputes and early fraud warnings."""

from payments.sandbox.disputes.deciding import close, require_open, submit
from payments.sandbox.documents import merged, page, public
from payments.sandbox.events import emit
from payments.sandbox.parameters import merge_metadata, text
from payments.sandbox.session import Call
from payments.sandbox.store import Document

_FILTERS = {"charge": text, "payment_intent": text}


def retrieve(call: Call) -> Document:
    """``GET /v1/disputes/{id}``."""
    call.read({})
    return public(call.tx.get("dispute", call.ids["id"]))


def update(call: Call) -> Document:
    """``POST /v1/disputes/{id}``: evidence, which goes to the bank at once unless `submit` is false."""
    sent = call.take("evidence", "metadata", "submit")
    dispute = call.tx.get("dispute", call.ids["id"])
    dispute["metadata"] = merge_metadata(dispute["metadata"], sent.get("metadata") or {})
    if "evidence" in sent:
        require_open(dispute)
        dispute["evidence"] = merged(dispute["evidence"], sent["evidence"])
        written = [value for name, value in dispute["evidence"].items() if value and name != "enhanced_evidence"]
        dispute["evidence_details"]["has_evidence"] = bool(written)
    if sent.get("submit", "evidence" in sent):
        submit(call, dispute)
    call.tx.save(dispute)
    emit(call, "charge.dispute.updated", dispute)
    return public(dispute)


def close_call(call: Call) -> Document:
    """``POST /v1/disputes/{id}/close``: the payer is right."""
    call.read({})
    dispute = call.tx.get("dispute", call.ids["id"])
    require_open(dispute)
    close(call, dispute, "warning_closed" if dispute["status"].startswith("warning") else "lost")
    return public(dispute)


def listing(call: Call) -> Document:
    """``GET /v1/disputes``."""
    return page(call, "dispute", "/v1/disputes", filters=_FILTERS)


def retrieve_warning(call: Call) -> Document:
    """``GET /v1/radar/early_fraud_warnings/{id}``."""
    call.read({})
    return public(call.tx.get("radar.early_fraud_warning", call.ids["id"]))


def list_warnings(call: Call) -> Document:
    """``GET /v1/radar/early_fraud_warnings``."""
    return page(call, "radar.early_fraud_warning", "/v1/radar/early_fraud_warnings", filters=_FILTERS)
