"""Faults on order: the next calls that match fail, wait, or lose their answer.

They are ordered by the control surface, or by the call itself: ``Sandbox-Fault: drop; stage=after``.

Where a fault strikes decides what the caller may conclude:

    before   nothing ran and nothing is kept under the idempotency key: trying again works
    during   the key is claimed and the endpoint has begun; an error is rolled back but kept under the key, as Stripe
             keeps its 500s, and a delay makes a second call with the same key find it in use
    after    everything ran and is kept; only the answer is late, wrong or lost
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from payments.sandbox.parameters import Shape, choice, read, text, whole
from payments.sandbox.problems import ParameterProblem, RateLimited, ServerProblem
from payments.sandbox.store import Store, Transaction

_STAGES = {
    "error": ("before", "during", "after"),
    "rate_limit": ("before",),
    "delay": ("during", "before", "after"),
    "drop": ("after", "before"),
}
"""Where each kind may strike; the first is its default."""
_SHAPE: Shape = {
    "kind": choice(*_STAGES),
    "method": choice("*", "GET", "POST", "DELETE"),
    "path": text,
    "stage": choice("before", "during", "after"),
    "status": whole(minimum=500, maximum=599),
    "times": whole(minimum=1),
    "seconds": text,
}


class Dropped(Exception):
    """The connection is to be closed without an answer."""


@dataclass(frozen=True)
class Fault:
    """One fault, about to strike one call."""

    kind: str
    stage: str
    status: int
    seconds: float

    def wait(self, stage: str) -> None:
        """Be late, if this fault is a delay and this is its stage."""
        if self.kind == "delay" and self.stage == stage:
            time.sleep(self.seconds)

    def strike(self, stage: str) -> None:
        """Fail, if this is the stage for it. Raises ServerProblem, RateLimited or Dropped."""
        if self.stage != stage or self.kind == "delay":
            return
        if self.kind == "drop":
            raise Dropped
        if self.kind == "rate_limit":
            raise RateLimited(
                "Too many requests in a short period of time. Please slow down, and retry with a back-off."
            )
        raise ServerProblem("An unknown error occurred. (A fault asked of the sandbox.)", status=self.status)


NONE = Fault("none", "never", 0, 0.0)


def take(store: Store, method: str, path: str, header: str | None = None) -> Fault:
    """The fault that the call's own header asks for, or the one waiting for it, used up by it; NONE if there is none.

    Raises ParameterProblem where the header cannot be read.
    """
    if header:
        return _checked(_parts(header))[1]
    with store.reading() as tx:
        if tx.connection.execute("SELECT 1 FROM faults LIMIT 1").fetchone() is None:
            return NONE
    with store.writing() as tx:
        rows = tx.connection.execute("SELECT id, method, path, kind, stage, status, seconds FROM faults ORDER BY id")
        for identifier, wanted, pattern, kind, stage, status, seconds in rows.fetchall():
            if wanted in ("*", method) and fnmatchcase(path, pattern):
                tx.connection.execute("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", (identifier,))
                tx.connection.execute("DELETE FROM faults WHERE remaining <= 0")
                return Fault(kind, stage, status, seconds)
    return NONE


def order(tx: Transaction, body: Mapping[str, Any]) -> None:
    """Keep a fault for the calls to come. Paths are shell patterns: ``/v1/payment_intents/*/capture``."""
    sent, fault = _checked({name: str(value) for name, value in body.items()})
    tx.connection.execute(
        "INSERT INTO faults (method, path, kind, stage, status, seconds, remaining) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            sent.get("method", "*"),
            sent.get("path") or "*",
            fault.kind,
            fault.stage,
            fault.status,
            fault.seconds,
            sent.get("times", 1),
        ),
    )


def waiting(tx: Transaction) -> list[dict[str, Any]]:
    """The faults that have not struck yet."""
    names = ("method", "path", "kind", "stage", "status", "seconds", "remaining")
    rows = tx.connection.execute(f"SELECT {', '.join(names)} FROM faults ORDER BY id")  # noqa: S608 fixed names
    return [dict(zip(names, row, strict=True)) for row in rows]


def clear(tx: Transaction) -> None:
    """Forget the faults that have not struck."""
    tx.connection.execute("DELETE FROM faults")


def _checked(asked: dict[str, str]) -> tuple[dict[str, Any], Fault]:
    sent = read(asked, _SHAPE, required=("kind",))
    kind = sent["kind"]
    stage = sent.get("stage", _STAGES[kind][0])
    if stage not in _STAGES[kind]:
        raise ParameterProblem(f"A fault of kind {kind} cannot strike {stage}.", param="stage")
    try:
        seconds = float(sent.get("seconds") or 1)
    except ValueError:
        raise ParameterProblem("seconds must be a number.", param="seconds") from None
    return sent, Fault(kind, stage, sent.get("status", 500), seconds)


def _parts(header: str) -> dict[str, str]:
    """``drop; stage=after`` in its parts; a call's own fault has no path to match and strikes once."""
    kind, *rest = (part.strip() for part in header.split(";"))
    parts = {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in rest)}
    for name in ("method", "path", "times"):
        if name in parts:
            raise ParameterProblem(f"A call's own fault has no {name}.", param=name)
    return {"kind": kind, **parts}
