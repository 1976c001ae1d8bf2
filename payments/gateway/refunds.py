"""Refunds: captured money on its way back to the payer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.core.money import Money
from payments.gateway.client import api, faults, under


@dataclass(frozen=True, slots=True)
class RefundSnapshot:
    """A refund as it is at the provider now; `is_booked` and `came_back` say whether its money has moved there."""

    id: str
    status: str
    amount: int
    currency: str
    failure: str
    is_booked: bool
    came_back: bool
    intent_id: str
    refund_id: str  # which of our rows it was made for, as its metadata says


def create_refund(*, key: str, intent_id: str, amount: Money, refund_id: str) -> RefundSnapshot:
    """Give a part of what an intent brought back to its payer. Raises GatewayRefused."""
    params: Any = {"payment_intent": intent_id, "amount": amount.amount, "metadata": {"refund": refund_id}}
    with faults():
        return _snapshot(api().v1.refunds.create(params, under(key)))  # type: ignore[arg-type]  # plain options


def retrieve_refund(stripe_id: str) -> RefundSnapshot:
    """The refund as it is now."""
    with faults():
        return _snapshot(api().v1.refunds.retrieve(stripe_id))


def refunds_of(intent_id: str) -> Iterator[RefundSnapshot]:
    """Every refund of an intent, newest first."""
    return _listed({"payment_intent": intent_id})


def refunds_since(since: datetime) -> Iterator[RefundSnapshot]:
    """Every refund that was made since, newest first; a clock may be a minute wrong."""
    return _listed({"created": {"gte": int(since.timestamp()) - 60}})


def _listed(which: dict[str, Any]) -> Iterator[RefundSnapshot]:
    params: Any = {**which, "limit": 100}
    with faults():
        for refund in api().v1.refunds.list(params).auto_paging_iter():
            yield _snapshot(refund)


def _snapshot(refund: Any) -> RefundSnapshot:
    seen: dict[str, Any] = refund.to_dict()
    return RefundSnapshot(
        id=seen["id"],
        status=seen["status"],
        amount=seen["amount"],
        currency=seen["currency"],
        failure=seen.get("failure_reason") or "",
        is_booked=bool(seen.get("balance_transaction")),
        came_back=bool(seen.get("failure_balance_transaction")),
        intent_id=seen.get("payment_intent") or "",
        refund_id=(seen.get("metadata") or {}).get("refund") or "",
    )
