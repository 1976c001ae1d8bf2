"""The log of API calls, so that a test may say "charged once" and mean it."""

import time
from typing import Any

from payments.sandbox.store import Transaction

EXECUTED, REPLAYED, REFUSED, FAULTED = "executed", "replayed", "refused", "faulted"
_COLUMNS = ("at", "request_id", "method", "path", "idempotency_key", "outcome", "status", "fault")
_LIMIT = 10_000


def record(
    tx: Transaction,
    *,
    request_id: str,
    method: str,
    path: str,
    key: str | None,
    outcome: str,
    status: int | None,
    fault: str | None,
) -> None:
    """Write one call down. Its parameters are left out: they may hold a card number."""
    tx.connection.execute(
        f"INSERT INTO calls ({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 fixed names
        (time.time(), request_id, method, path, key, outcome, status, fault),
    )


def listing(tx: Transaction, filters: dict[str, str]) -> list[dict[str, Any]]:
    """The calls in their order; `path` is a shell pattern, the other filters are exact."""
    where, arguments = ["1"], []
    for name, value in filters.items():
        if name in ("method", "idempotency_key", "outcome"):
            where.append(f"{name} = ?")
            arguments.append(value)
        elif name == "path":
            where.append("path GLOB ?")
            arguments.append(value)
    rows = tx.connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM calls WHERE {' AND '.join(where)} ORDER BY seq LIMIT {_LIMIT}",  # noqa: S608 fixed names
        arguments,
    )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def clear(tx: Transaction) -> None:
    """Forget the calls so far."""
    tx.connection.execute("DELETE FROM calls")
