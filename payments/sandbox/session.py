"""What the code behind an endpoint works with: one transaction, the time, and who asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from payments.sandbox.config import Config
from payments.sandbox.parameters import Raw, Shape, read
from payments.sandbox.store import Transaction


@dataclass(kw_only=True)
class Session:
    """A piece of work in one transaction: an API call's, or the clock's own."""

    tx: Transaction
    config: Config
    now: int
    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(kw_only=True)
class Call(Session):
    """An API call: its path's identifiers and its parameters."""

    ids: Mapping[str, str] = field(default_factory=dict)
    raw: Raw = field(default_factory=dict)
    publishable: bool = False

    def read(self, shape: Shape, *, required: Iterable[str] = ()) -> dict[str, Any]:
        """The parameters, checked."""
        return read(self.raw, shape, required=required)
