"""Disputes: a payer's bank takes captured money back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from payments.gateway.client import api, faults, under


@dataclass(frozen=True, slots=True)
class DisputeSnapshot:
    """A dispute as it is at the provider now; amounts in minor units."""

    id: str
    status: str
    reason: str
    amount: int
    currency: str
    intent_id: str
    due_at: datetime | None
    submissions: int
    withdrawn: int  # what the bank took from us so far
    reinstated: int  # what it gave back
    fee: int


def retrieve_dispute(stripe_id: str) -> DisputeSnapshot:
    """The dispute as it is now."""
    with faults():
        return _snapshot(api().v1.disputes.retrieve(stripe_id))


def disputes_since(since: datetime) -> Iterator[DisputeSnapshot]:
    """Every dispute that was opened since, newest first; a clock may be a minute wrong."""
    params: Any = {"created": {"gte": int(since.timestamp()) - 60}, "limit": 100}
    with faults():
        for dispute in api().v1.disputes.list(params).auto_paging_iter():
            yield _snapshot(dispute)


def hand_in_evidence(*, key: str, dispute_id: str, evidence: Mapping[str, str]) -> DisputeSnapshot:
    """Answer the bank. Raises GatewayRefused when it is too late."""
    params: Any = {"evidence": dict(evidence), "submit": True}
    with faults():
        return _snapshot(api().v1.disputes.update(dispute_id, params, under(key)))  # type: ignore[arg-type]  # plain options


def _snapshot(dispute: Any) -> DisputeSnapshot:
    seen: dict[str, Any] = dispute.to_dict()
    details, booked = seen.get("evidence_details") or {}, seen.get("balance_transactions") or []
    due_by = details.get("due_by")
    return DisputeSnapshot(
        id=seen["id"],
        status=seen["status"],
        reason=seen["reason"],
        amount=seen["amount"],
        currency=seen["currency"],
        intent_id=seen.get("payment_intent") or "",
        due_at=datetime.fromtimestamp(due_by, UTC) if due_by else None,
        submissions=details.get("submission_count") or 0,
        withdrawn=-sum(entry["amount"] for entry in booked if entry["amount"] < 0),
        reinstated=sum(entry["amount"] for entry in booked if entry["amount"] > 0),
        fee=sum(entry["fee"] for entry in booked),
    )
