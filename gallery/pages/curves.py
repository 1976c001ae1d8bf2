"""Learning curves as drawings: numbers become places on a small sheet, and the template draws them as SVG."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from gallery.pages.drawing import BOTTOM, LEFT, RIGHT, TOP, Frame, Scale, in_short, path

MOST = 400  # points drawn of a line
_NO_LOSS = frozenset({"images", "seconds", "validation"})

Point = Mapping[str, float]


@dataclass(frozen=True)
class Line:
    """One measured thing: its name, its place in the legend, and its points as SVG takes them."""

    name: str
    tone: int
    points: str
    last: str


@dataclass(frozen=True, kw_only=True)
class Chart(Frame):
    """How some measured things went on as pictures were shown."""

    lines: Sequence[Line]


def charts_of(curve: Sequence[Point]) -> list[Chart]:
    """The losses in one drawing, the validation measure in another; none for fewer than two points."""
    if len(curve) < 2:
        return []
    losses = [name for name in dict.fromkeys(name for point in curve for name in point) if name not in _NO_LOSS]
    drawn = [
        _chart(gettext("What is learnt"), curve, losses),
        _chart(gettext("On pictures held back"), curve, ["validation"]),
    ]
    return [chart for chart in drawn if chart is not None]


def _chart(title: str, curve: Sequence[Point], names: Sequence[str]) -> Chart | None:
    thinned = curve[:: math.ceil(len(curve) / MOST)]
    found = {name: [(point["images"], point[name]) for point in thinned if name in point] for name in names}
    found = {name: points for name, points in found.items() if len(points) > 1}
    if not found:
        return None
    values = [value for points in found.values() for _, value in points]
    across = Scale(0.0, max(images for points in found.values() for images, _ in points), LEFT, RIGHT)
    up = Scale(min(values), max(values), BOTTOM, TOP)
    lines = [
        Line(name, tone, path((across.place(at), up.place(value)) for at, value in points), in_short(points[-1][1]))
        for tone, (name, points) in enumerate(found.items())
    ]
    return Chart(title=title, lines=lines, across=across.ticks(), up=up.ticks(), unit=gettext("pictures shown"))
