"""From signals to scores: who did what with which work, weighed by what it cost them.

Signals come from people who count already (`signals.py`). Of what one person did with one work the weightiest counts
alone; of what one person did in a day the weightiest `A_DAY` count. Each fades by half every `HALF_LIFE`, and people
are counted by the logarithm: ten more collectors are much for a work with ten, and little for one with a thousand.

    score(work) = Σ over kinds k of  weight(k) · log2(1 + Σ over people of 2^(-age / half-life))
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

SALE, BID, SAVE, VIEW = "sale", "bid", "save", "view"
# What it costs to feign one: the price of a work; being bound to a price; a place in a list; three seconds.
WEIGHTS = {SALE: 32.0, BID: 8.0, SAVE: 2.0, VIEW: 0.25}
HALF_LIFE = timedelta(days=3)
WINDOW = 8 * HALF_LIFE  # older than that a signal is worth less than a 256th
A_DAY = 24


class Signal(NamedTuple):
    """One person did something with one work."""

    person: UUID
    artwork: UUID
    kind: str
    at: datetime


class Score(NamedTuple):
    """What a work has at present, and from how many people."""

    value: float
    people: int


def scores(signals: Iterable[Signal], now: datetime) -> dict[UUID, Score]:
    """The scores of all works with a signal that counts; values above nought."""
    faded: dict[UUID, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    people: dict[UUID, int] = defaultdict(int)
    for signal in _within_budgets(_one_each(signals, now)):
        faded[signal.artwork][signal.kind] += _fade(signal, now)
        people[signal.artwork] += 1
    return {artwork: Score(_score(kinds), people[artwork]) for artwork, kinds in faded.items()}


def _score(kinds: dict[str, float]) -> float:
    return sum(WEIGHTS[kind] * math.log2(1 + faded) for kind, faded in kinds.items())


def _one_each(signals: Iterable[Signal], now: datetime) -> list[Signal]:
    """Of each person and work the signal that is worth most at present."""
    best: dict[tuple[UUID, UUID], Signal] = {}
    for signal in signals:
        key = signal.person, signal.artwork
        if key not in best or _worth(signal, now) > _worth(best[key], now):
            best[key] = signal
    return list(best.values())


def _within_budgets(signals: Iterable[Signal]) -> list[Signal]:
    """Of each person and day (UTC) the weightiest, the first of equals first."""
    days: dict[tuple[UUID, object], list[Signal]] = defaultdict(list)
    for signal in signals:
        days[signal.person, signal.at.date()].append(signal)
    kept: list[Signal] = []
    for done in days.values():
        kept += sorted(done, key=lambda one: (-WEIGHTS[one.kind], one.at, one.artwork))[:A_DAY]
    return kept


def _worth(signal: Signal, now: datetime) -> float:
    return WEIGHTS[signal.kind] * _fade(signal, now)


def _fade(signal: Signal, now: datetime) -> float:
    return float(2.0 ** -(max(timedelta(), now - signal.at) / HALF_LIFE))
