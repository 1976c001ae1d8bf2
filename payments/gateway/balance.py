"""The house's own balance at the provider, and what moved it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payments.gateway.client import api, faults, since_moment


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the provider's own books; `net` is what the balance changed by, in minor units."""

    id: str
    kind: str
    net: int
    currency: str
    source: str


def balances() -> Counter[str]:
    """What the house has, pending and available, by currency."""
    with faults():
        seen: dict[str, Any] = api().v1.balance.retrieve().to_dict()
    held: Counter[str] = Counter()
    for amount in [*seen["pending"], *seen["available"]]:
        held[amount["currency"]] += amount["amount"]
    return held


def movements_since(since: datetime) -> Iterator[Movement]:
    """Everything that moved the balance since, newest first."""
    params: Any = {"created": {"gte": since_moment(since)}, "limit": 100}
    with faults():
        for entry in api().v1.balance_transactions.list(params).auto_paging_iter():
            yield Movement(entry.id, entry.type, entry.net, entry.currency, str(entry.source or ""))
