"""A hand's own lines, cleaned: tremor smoothed, corners kept, what nearly closes closed, plain shapes made plain."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from generation.engines.scribble.fitting import fit, fit_loop, straight
from generation.engines.scribble.strokes import Curve, Points, Stroke, fit_box, lengths, resample

MARGIN = 0.06  # left free around a cleaned drawing, of its side
# All of this is in the units of a drawing of side 1.
_STEP = 0.008  # between points
_SMOOTH = 2.5  # points: how far tremor is averaged away
_LOOK = 5  # points on either side by which a corner is judged
_CORNER = np.radians(50)
_TOLERANCE = 0.006  # how far a curve may pass from the smoothed points
_DOT = 0.02  # a stroke this short is a dot
_GAP, _GAP_SHARE = 0.08, 0.15  # ends this near, and as a share of the stroke's length, belong together
_STRAIGHT = 0.045  # how far a line may sag, of its length
_LEVEL = np.radians(6)  # a line this near to level or upright becomes so
_ROUND = 0.13  # how far a round thing may be off its circle or ellipse, of its radius
_ARC = np.array([0.0, 0.5522847498, 1.0])  # a quarter of a circle as a cubic


def clean(strokes: Sequence[Stroke]) -> list[Curve]:
    """Each stroke as cubics, the whole fitted into a square of side 1 with a margin around it."""
    return [_clean(stroke) for stroke in fit_box(strokes, 1.0, MARGIN)]


def _clean(stroke: Stroke) -> Curve:
    length = lengths(stroke)[-1]
    if length < _DOT:
        return straight(stroke.mean(axis=0), stroke.mean(axis=0) + np.array([1e-3, 0.0]))
    points = resample(stroke, min(_STEP, length / 8))
    if _nearly_closes(points):
        return _clean_loop(_closed(points))
    if (line := _as_line(points)) is not None:
        return line
    return _through(points, _corners(points))


def _nearly_closes(points: Stroke) -> bool:
    gap, length = np.hypot(*(points[-1] - points[0])), lengths(points)[-1]
    return bool(gap < min(_GAP, _GAP_SHARE * length)) and len(points) > 4 * _LOOK


def _closed(points: Stroke) -> Stroke:
    """Bring the ends together by moving every point a little: the last one most."""
    share = np.linspace(-0.5, 0.5, len(points))[:, None]
    closed: Stroke = points + share * (points[0] - points[-1])
    closed[-1] = closed[0]
    return closed


def _clean_loop(points: Stroke) -> Curve:
    corners = _corners(points, wraps=True)
    if len(corners) <= 1 and (ring := _as_ellipse(points)) is not None:
        return ring
    if len(corners) == 0:
        smooth = _smoothed(np.concatenate([points[:-1]] * 3))[len(points) - 1 : 2 * len(points) - 1]
        smooth[-1] = smooth[0]
        return fit_loop(smooth, _TOLERANCE)
    turned = np.roll(points[:-1], -corners[0], axis=0)  # begin in a corner: it is an end then
    turned = np.concatenate([turned, turned[:1]])
    return _through(turned, [at - corners[0] for at in corners[1:]])


def _through(points: Stroke, corners: Sequence[int]) -> Curve:
    """Curves from corner to corner, sharp in each."""
    marks = [0, *corners, len(points) - 1]
    curves = []
    for first, last in pairwise(marks):
        piece = points[first : last + 1]
        line = _as_line(piece, levelled=False)
        curves.append(fit(_smoothed(piece), _TOLERANCE) if line is None else line)
    return np.concatenate([curves[0], *(curve[1:] for curve in curves[1:])])


def _corners(points: Stroke, *, wraps: bool = False) -> list[int]:
    """Where the line turns sharply: the sharpest point of each turn. With `wraps`, the last point is the first."""
    around = np.concatenate([points[-_LOOK - 1 : -1], points, points[1 : _LOOK + 1]]) if wraps else points
    smooth = _smoothed(around, 1.0)
    before = smooth[_LOOK:-_LOOK] - smooth[: -2 * _LOOK]
    after = smooth[2 * _LOOK :] - smooth[_LOOK:-_LOOK]
    cross, dot = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1)
    turns = np.abs(np.arctan2(cross, dot))
    offset, count = (0, len(points) - 1) if wraps else (_LOOK, len(turns))
    found: list[int] = []
    for at in np.argsort(-turns[:count], kind="stable"):
        if turns[at] < _CORNER:
            break
        apart = [abs(int(at) - other) for other in found]
        if all(min(far, count - far if wraps else far) > _LOOK for far in apart):
            found.append(int(at))
    return sorted(at + offset for at in found)


def _smoothed(points: Stroke, sigma: float = _SMOOTH) -> Stroke:
    """Average along the stroke by a Gaussian of `sigma` points; its ends stay where they are."""
    reach = min(int(3 * sigma), len(points) - 1)
    if reach < 1:
        return points
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    before, after = 2 * points[0] - points[reach:0:-1], 2 * points[-1] - points[-2 : -reach - 2 : -1]
    padded = np.concatenate([before, points, after])
    return np.stack([np.convolve(padded[:, axis], kernel / kernel.sum(), "valid") for axis in (0, 1)], axis=1)


def _as_line(points: Stroke, *, levelled: bool = True) -> Curve | None:
    """A straight line, level or upright if it nearly is, where the stroke hardly sags; otherwise None."""
    start, end = points[0], points[-1]
    chord = end - start
    length = float(np.hypot(*chord))
    if length < _DOT:
        return None
    off = (points - start) @ (np.array([-chord[1], chord[0]]) / length)
    if np.abs(off).max() > _STRAIGHT * length or lengths(points)[-1] > 1.1 * length:
        return None
    if levelled:
        middle, slant = (start + end) / 2, np.arctan2(chord[1], chord[0])
        nearest = np.round(slant / (np.pi / 2)) * (np.pi / 2)
        if abs(slant - nearest) < _LEVEL:
            half = np.array([np.cos(nearest), np.sin(nearest)]) * length / 2
            start, end = middle - half, middle + half
    return straight(start, end)


def _as_ellipse(points: Stroke) -> Curve | None:
    """The circle or ellipse of the same moments, where no point is far off it; otherwise None."""
    centre, spread = _moments(points)
    values, axes = np.linalg.eigh(spread)
    radii = 2 * np.sqrt(values.clip(min=1e-9))  # of the ellipse that is as spread out
    if radii[0] < 0.3 * radii[1]:
        return None
    if radii[1] < 1.18 * radii[0]:
        radii, axes = np.full(2, radii.mean()), np.eye(2)
    elif min(abs(axes[0, 1]), abs(axes[1, 1])) < np.sin(np.radians(10)):
        upright = abs(axes[1, 1]) > abs(axes[0, 1])
        axes = np.array([[1.0, 0.0], [0.0, 1.0]] if upright else [[0.0, 1.0], [1.0, 0.0]])
    off = np.hypot(*(((points - centre) @ axes) / radii).T) - 1
    return _ellipse(centre, radii, axes) if np.abs(off).max() < 2 * _ROUND and np.abs(off).mean() < _ROUND / 2 else None


def _moments(loop: Stroke) -> tuple[Points, Points]:
    """The centre (2,) and the second moments (2, 2) of what a loop encloses."""
    origin = loop.mean(axis=0)
    one, other = loop[:-1] - origin, loop[1:] - origin
    cross = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    area = cross.sum() / 2 or 1e-12
    centre = (cross[:, None] * (one + other)).sum(axis=0) / (6 * area)
    both = one[:, :, None] * one[:, None, :] + other[:, :, None] * other[:, None, :]
    mixed = (one + other)[:, :, None] * (one + other)[:, None, :]
    spread = (cross[:, None, None] * (both + mixed)).sum(axis=0) / (24 * area)
    return centre + origin, spread - np.outer(centre, centre)


def _ellipse(centre: Points, radii: Points, axes: Points) -> Curve:
    quarter = np.array([[1.0, 0.0], [1.0, _ARC[1]], [_ARC[1], 1.0], [0.0, 1.0]])
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    ring, piece = [quarter[:1]], quarter
    for _ in range(4):
        ring.append(piece[1:])
        piece = piece @ turn.T
    return np.concatenate(ring) * radii @ axes.T + centre
