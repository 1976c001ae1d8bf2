"""Strokes: what a hand or a pen leaves, as arrays of points. numpy alone: the web process reads drawings too.

A stroke is an array of points (n, 2), x to the right and y down, in whatever unit it was drawn; a curve is an array
of points (3 m + 1, 2), m cubic Béziers end to end.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Stroke = Points
Curve = Points

MOST_STROKES = 200
MOST_POINTS = 10_000  # of all strokes together
FARTHEST = 100_000.0  # from the origin
_SAME = 1e-9  # points nearer than this are one


class UnusableStrokes(ValueError):
    """What was sent is no drawing; the words say why."""


def read_strokes(raw: Any) -> list[Stroke]:
    """Read `[[[x, y], …], …]` as strokes; of points that repeat, one is kept.

    Raises UnusableStrokes for anything else, for none at all, and for more than MOST_STROKES or MOST_POINTS.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes) or not raw:
        raise UnusableStrokes("A drawing is a list of strokes, and has at least one.")
    if len(raw) > MOST_STROKES:
        raise UnusableStrokes(f"A drawing has at most {MOST_STROKES} strokes, not {len(raw)}.")
    strokes = [_read_stroke(number, points) for number, points in enumerate(raw, 1)]
    if (count := sum(map(len, strokes))) > MOST_POINTS:
        raise UnusableStrokes(f"A drawing has at most {MOST_POINTS} points, not {count}.")
    if size_of(strokes) <= _SAME:
        raise UnusableStrokes("A drawing of a single point shows nothing.")
    return [without_repeats(stroke) for stroke in strokes]


def _read_stroke(number: int, raw: Any) -> Stroke:
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes) or not raw:
        raise UnusableStrokes(f"Stroke {number} is no list of points.")
    if len(raw) > MOST_POINTS:
        raise UnusableStrokes(f"Stroke {number} has more than {MOST_POINTS} points.")
    for point in raw:
        if not isinstance(point, Sequence) or len(point) != 2 or not all(map(_is_number, point)):
            raise UnusableStrokes(f"Stroke {number} has a point that is no pair of numbers.")
        if not all(abs(value) <= FARTHEST for value in point):  # which no NaN is, and no integer without end
            raise UnusableStrokes(f"Stroke {number} goes farther than {FARTHEST:.0f} from the origin.")
    return np.asarray(raw, dtype=np.float64)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def without_repeats(stroke: Stroke) -> Stroke:
    """The stroke without points that lie where the one before lies."""
    if len(stroke) < 2:
        return stroke
    moved = np.abs(np.diff(stroke, axis=0)).max(axis=1) > _SAME
    kept: Stroke = stroke[np.concatenate([[True], moved])]
    return kept


def bounds(strokes: Sequence[Stroke]) -> tuple[Points, Points]:
    """The least and the greatest x and y of all strokes."""
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)


def size_of(strokes: Sequence[Stroke]) -> float:
    """The longer side of the box around all strokes."""
    least, greatest = bounds(strokes)
    return float((greatest - least).max())


def fit_box(strokes: Sequence[Stroke], side: float = 1.0, margin: float = 0.0) -> list[Stroke]:
    """The strokes moved and scaled alike into the middle of a square of `side`, `margin` from its edge."""
    least, greatest = bounds(strokes)
    scale = (side - 2 * margin) / max(float((greatest - least).max()), _SAME)
    middle = (least + greatest) / 2
    return [(stroke - middle) * scale + side / 2 for stroke in strokes]


def lengths(stroke: Stroke) -> Points:
    """How far along the stroke each of its points lies: (n,), from 0."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def resample(stroke: Stroke, step: float) -> Stroke:
    """Points along the stroke about `step` apart, its ends among them."""
    along = lengths(stroke)
    count = max(2, round(along[-1] / step) + 1) if along[-1] > _SAME else 1
    at = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def flatten(curve: Curve, steps: int = 12) -> Stroke:
    """Points along a curve, `steps` for each of its cubics: (m · steps + 1, 2)."""
    if len(curve) < 4:
        return curve[:1]
    t = np.arange(steps)[:, None] / steps
    weights = np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3])  # (4, steps, 1)
    pieces = np.stack([curve[at : len(curve) - 3 + at : 3] for at in range(4)])  # (4, m, 2)
    points = np.einsum("kso,kmd->msd", weights, pieces).reshape(-1, 2)
    return np.concatenate([points, curve[-1:]])
