"""Payouts: what the provider sends from an account, a payee's or the house's own, to its bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stripe import RequestOptions

from payments.gateway.client import api, faults, since_moment


@dataclass(frozen=True, slots=True)
class PayoutSnapshot:
    """A payout as it is at the provider now."""

    id: str
    amount: int
    currency: str
    status: str
    arrives_at: datetime | None
    failure_code: str
    failure_message: str


def retrieve_payout(payout_id: str, *, account: str | None) -> PayoutSnapshot:
    """A payout of a payee's account as it is now, without one the house's. Raises AccountUnknown, GatewayRefused."""
    with faults():
        return _snapshot(api().v1.payouts.retrieve(payout_id, {}, _of(account)))


def payouts_since(since: datetime, *, account: str | None) -> Iterator[PayoutSnapshot]:
    """Every payout of an account, without one the house's, that was made since, newest first. Raises AccountUnknown."""
    with faults():
        given = {"created": {"gte": since_moment(since)}, "limit": 100}
        page = api().v1.payouts.list(given, _of(account))  # type: ignore[arg-type]  # a plain dict
        for payout in page.auto_paging_iter():
            yield _snapshot(payout)


def _of(account: str | None) -> RequestOptions:
    return {"stripe_account": account} if account else {}


def _snapshot(payout: Any) -> PayoutSnapshot:
    seen: dict[str, Any] = payout.to_dict()
    arrival = seen.get("arrival_date")
    return PayoutSnapshot(
        id=seen["id"],
        amount=seen["amount"],
        currency=seen["currency"],
        status=seen["status"],
        arrives_at=datetime.fromtimestamp(arrival, UTC) if arrival else None,
        failure_code=seen.get("failure_code") or "",
        failure_message=seen.get("failure_message") or "",
    )
