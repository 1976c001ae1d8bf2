"""Where a list goes on: behind which key, not after how many rows, so that every page costs what the first does."""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from marketplace.core.errors import InvalidCursor

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: in which order it was read, its key there, and its id."""

    order: str
    key: str  # as PostgreSQL reads it: a time, a whole number, or a number
    pk: UUID

    def encode(self) -> str:
        """As it is given out."""
        plain = json.dumps([self.order, self.key, self.pk.hex], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, kinds: dict[str, type]) -> Self:
        """What was given out for one of these orders, whose keys are of these types. Raises InvalidCursor."""
        try:
            order, key, pk = _read(text)
            _require(kinds[order], key)
            return cls(order, key, UUID(hex=pk))
        except (ValueError, TypeError, KeyError, AttributeError, binascii.Error, RecursionError):
            raise InvalidCursor() from None


def _read(text: str) -> tuple[str, str, str]:
    if len(text) > LONGEST or not text.isascii():
        raise ValueError(text)
    parts: Any = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    order, key, pk = parts
    if not all(isinstance(part, str) for part in parts):
        raise TypeError(text)
    return order, key, pk


def _require(kind: type, key: str) -> None:
    """Raises ValueError where a key is not written as those of its kind are given out, which PostgreSQL can read."""
    if kind is datetime:
        moment = datetime.fromisoformat(key)
        as_given = moment.isoformat() if moment.utcoffset() == timedelta(0) else ""
    elif kind is int:
        as_given = str(int(key)) if -(2**63) <= int(key) < 2**63 else ""
    else:
        as_given = repr(float(key)) if math.isfinite(float(key)) else ""
    if key != as_given:
        raise ValueError(key)
