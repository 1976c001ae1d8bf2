"""Idempotency keys, as Stripe keeps them.

The first request with a key runs and its answer is stored with it, errors included, once the endpoint began to work;
the same request again gets the stored answer, another request is refused, and one that comes while the first still
runs is told so. A key is claimed in a transaction of its own, before the work, and answered in the work's transaction:
a crash between the two leaves a claim without an answer, which `release_abandoned` drops at the next start.
"""

import hashlib
import json
from dataclasses import dataclass

from payments.sandbox.parameters import Raw
from payments.sandbox.problems import KeyInUse, KeyMismatch, ParameterProblem
from payments.sandbox.store import Transaction

KEPT_SECONDS = 86_400
_LONGEST_KEY = 255


@dataclass(frozen=True)
class Answer:
    """What was answered to the first request with a key."""

    status: int
    body: str
    request_id: str


def claim(tx: Transaction, key: str, endpoint: str, raw: Raw, *, request_id: str) -> Answer | None:
    """Claim a key for a request, or give the answer it already has. Raises KeyInUse and KeyMismatch."""
    if len(key) > _LONGEST_KEY:
        raise ParameterProblem(f"Idempotency keys can have up to {_LONGEST_KEY} characters.", param="idempotency_key")
    now, mark = tx.now(), _fingerprint(raw)
    row = tx.connection.execute(
        "SELECT endpoint, fingerprint, status, body, request_id FROM idempotency WHERE key = ? AND started > ?",
        (key, now - KEPT_SECONDS),
    ).fetchone()
    if row is None:
        tx.connection.execute(
            "INSERT OR REPLACE INTO idempotency (key, endpoint, fingerprint, started, request_id) "
            "VALUES (?, ?, ?, ?, ?)",
            (key, endpoint, mark, now, request_id),
        )
        return None
    first_endpoint, first_mark, status, body, first_request = row
    if first_endpoint != endpoint:
        raise KeyMismatch(
            f"Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{endpoint}' vs '{first_endpoint}'). Try using a key other than '{key}' if you meant to execute a "
            f"different request."
        )
    if first_mark != mark:
        raise KeyMismatch(
            f"Keys for idempotent requests can only be used with the same parameters they were first used with. Try "
            f"using a key other than '{key}' if you meant to execute a different request."
        )
    if status is None:
        raise KeyInUse(
            f"There is currently another in-progress request using this Idempotent Key (that probably means you "
            f"submitted twice, and the other request is still going through): {key}. Please try again later."
        )
    return Answer(status, body, first_request)


def settle(tx: Transaction, key: str, status: int, body: str) -> None:
    """Store the answer, in the transaction of the work."""
    tx.connection.execute("UPDATE idempotency SET status = ?, body = ? WHERE key = ?", (status, body, key))


def release(tx: Transaction, key: str) -> None:
    """Nothing ran: the key may be used again, for anything."""
    tx.connection.execute("DELETE FROM idempotency WHERE key = ? AND status IS NULL", (key,))


def release_abandoned(tx: Transaction) -> None:
    """Drop the claims of requests that a crash cut off; their work was rolled back with them."""
    tx.connection.execute("DELETE FROM idempotency WHERE status IS NULL")


def forget_old(tx: Transaction, now: int) -> None:
    """Drop the keys that are older than a day."""
    tx.connection.execute("DELETE FROM idempotency WHERE started <= ? AND status IS NOT NULL", (now - KEPT_SECONDS,))


def _fingerprint(raw: Raw) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
