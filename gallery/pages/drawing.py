"""What every chart is drawn on: a frame with two axes, as places in the view box of an SVG."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 58, 622, 14, 236
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it is, and what is written there."""

    place: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A drawing without what is drawn; its sizes are those of its view box."""

    title: str
    up: Sequence[Tick]
    across: Sequence[Tick]
    unit: str  # of what goes across
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


class Scale:
    """From values to places, `low` at `start` and `high` at `end`; what lies beyond is drawn at the edge."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high = (low, high) if high > low else (low - 0.5, low + 0.5)
        self.start, self.end = start, end

    def place(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[Tick]:
        """About four, at round numbers."""
        rough = (self.high - self.low) / 4
        scale = 10.0 ** math.floor(math.log10(rough))
        step = next(step * scale for step in _STEPS if step * scale >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [Tick(self.place(number * step), in_short(number * step)) for number in range(first, last + 1)]


def in_short(value: float) -> str:
    """A number of three digits, in thousands and millions where it is large."""
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:.3g} M"
    if abs(value) >= 1000:
        return f"{value / 1000:.3g} k"
    return f"{value:.3g}"


def path(places: Iterable[tuple[float, float]]) -> str:
    """Places as a polyline takes them."""
    return " ".join(f"{x:g},{y:g}" for x, y in places)
