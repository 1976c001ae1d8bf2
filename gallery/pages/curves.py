"""Learning curves as drawings: numbers become places on a small sheet, and the template draws them as SVG."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 270, 58, 14, 14, 46
MOST = 400  # points drawn of a line
_STEPS = (1, 2, 5, 10)
_NO_LOSS = frozenset({"images", "seconds", "validation"})

Point = Mapping[str, float]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it is, and what is written there."""

    place: float
    words: str


@dataclass(frozen=True)
class Line:
    """One measured thing: its name, its place in the legend, and its points as SVG takes them."""

    name: str
    tone: int
    points: str
    last: str


@dataclass(frozen=True)
class Chart:
    """One drawing; its sizes are those of its view box."""

    title: str
    lines: Sequence[Line]
    across: Sequence[Tick]
    up: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def charts_of(curve: Sequence[Point]) -> list[Chart]:
    """The losses in one drawing, the validation measure in another; none for fewer than two points."""
    if len(curve) < 2:
        return []
    losses = [name for name in dict.fromkeys(name for point in curve for name in point) if name not in _NO_LOSS]
    drawn = [_chart("What is learnt", curve, losses), _chart("On pictures held back", curve, ["validation"])]
    return [chart for chart in drawn if chart is not None]


def _chart(title: str, curve: Sequence[Point], names: Sequence[str]) -> Chart | None:
    thinned = curve[:: math.ceil(len(curve) / MOST)]
    found = {name: [(point["images"], point[name]) for point in thinned if name in point] for name in names}
    found = {name: points for name, points in found.items() if len(points) > 1}
    if not found:
        return None
    values = [value for points in found.values() for _, value in points]
    low, high = min(values), max(values)
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    last = max(images for points in found.values() for images, _ in points)

    def x(images: float) -> float:
        return round(LEFT + images / last * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    lines = [
        Line(name, tone, " ".join(f"{x(images)},{y(value)}" for images, value in points), _short(points[-1][1]))
        for tone, (name, points) in enumerate(found.items())
    ]
    across = [Tick(x(mark), _short(mark)) for mark in _marks(0.0, last)]
    return Chart(title, lines, across, [Tick(y(mark), _short(mark)) for mark in _marks(low, high)])


def _marks(low: float, high: float) -> list[float]:
    """About four round numbers between two others."""
    rough = (high - low) / 4
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(step * scale for step in _STEPS if step * scale >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _short(value: float) -> str:
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:.3g} M"
    if abs(value) >= 1000:
        return f"{value / 1000:.3g} k"
    return f"{value:.3g}"
