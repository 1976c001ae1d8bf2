"""Amounts of money: integer minor units and an ISO 4217 currency, never floats."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.utils.translation import get_language

SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥", "krw": "₩", "cny": "CN¥"}
# As CLDR has it: where one's own currency has a sign, that of others says whose it is.
SYMBOLS_IN = {"zh-hans": SYMBOLS | {"cny": "¥", "jpy": "JP¥", "usd": "US$"}}
# Stripe's list: these currencies have no minor unit, these three have thousandths; all others have hundredths.
NO_DECIMALS = {
    "bif",
    "clp",
    "djf",
    "gnf",
    "jpy",
    "kmf",
    "krw",
    "mga",
    "pyg",
    "rwf",
    "ugx",
    "vnd",
    "vuv",
    "xaf",
    "xof",
    "xpf",
}
THREE_DECIMALS = {"bhd", "jod", "kwd", "omr", "tnd"}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` minor units (cents, where there are any) of `currency`, in small letters as Stripe writes it."""

    amount: int
    currency: str

    def __add__(self, other: Self) -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def _same(self, other: Self) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount

    @property
    def decimals(self) -> int:
        return 0 if self.currency in NO_DECIMALS else 3 if self.currency in THREE_DECIMALS else 2

    @property
    def decimal(self) -> Decimal:
        """Major units, such as euros."""
        return Decimal(self.amount).scaleb(-self.decimals)

    def __str__(self) -> str:
        whole, part = divmod(abs(self.amount), 10**self.decimals)
        sign = "-" if self.amount < 0 else ""
        symbol = SYMBOLS_IN.get(get_language() or "", SYMBOLS).get(self.currency, f"{self.currency.upper()} ")
        return f"{sign}{symbol}{whole:,}" + (f".{part:0{self.decimals}d}" if self.decimals else "")


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` in proportion to `weights` to the last cent, by largest remainder (ties: the earlier one).

    The parts add up to `total` exactly. Raises ValueError when no weight is positive or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative, and one of them positive")
    sign, total = (-1, -total) if total < 0 else (1, total)
    parts = [total * weight // whole for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in remainders[: total - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
