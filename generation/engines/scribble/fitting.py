"""Fits cubic Béziers to points, after Schneider, "An algorithm for automatically fitting digitized curves" (1990)."""

import numpy as np

from generation.engines.scribble.strokes import Curve, Points, Stroke, lengths

_ROUNDS = 4  # of moving the parameters before a piece is cut in two
_WORTH_IT = 16.0  # how many times the tolerated error (squared) those rounds may still mend


def fit(points: Stroke, tolerance: float) -> Curve:
    """The fewest cubics that Schneider's method finds within `tolerance` of the points: (3 m + 1, 2).

    The ends of the curve are the ends of the stroke. One point gives a curve of no length.
    """
    if len(points) < 3 or lengths(points)[-1] == 0:
        return straight(points[0], points[-1])
    return _fit(points, _direction(points[1] - points[0]), _direction(points[-2] - points[-1]), tolerance**2)


def fit_loop(points: Stroke, tolerance: float) -> Curve:
    """The same for a loop without a corner, whose first point is its last: it goes on smoothly through it."""
    through = _direction(points[1] - points[-2])
    return _fit(points, through, -through, tolerance**2)


def straight(start: Points, end: Points) -> Curve:
    """A straight line as a cubic."""
    return np.stack([start, start + (end - start) / 3, start + (end - start) * 2 / 3, end])


def _fit(points: Stroke, leaving: Points, arriving: Points, error: float) -> Curve:
    if len(points) == 2:
        return straight(points[0], points[1])
    at = lengths(points)
    at /= at[-1]
    curve = _least_squares(points, at, leaving, arriving)
    worst, where = _worst(points, curve, at)
    for _ in range(_ROUNDS):
        if worst < error or worst > error * _WORTH_IT:
            break
        at = _moved_parameters(points, curve, at)
        curve = _least_squares(points, at, leaving, arriving)
        worst, where = _worst(points, curve, at)
    if worst < error:
        return curve
    through = _direction(points[where - 1] - points[where + 1])
    before = _fit(points[: where + 1], leaving, through, error)
    return np.concatenate([before, _fit(points[where:], -through, arriving, error)[1:]])


def _least_squares(points: Stroke, at: Points, leaving: Points, arriving: Points) -> Curve:
    """The cubic with these ends and tangents that comes nearest to the points at these parameters."""
    first, last = points[0], points[-1]
    weights = _bernstein(at)
    along = np.stack([weights[1][:, None] * leaving, weights[2][:, None] * arriving])  # (2, n, 2)
    fixed = np.outer(weights[0] + weights[1], first) + np.outer(weights[2] + weights[3], last)
    normal = np.einsum("ind,jnd->ij", along, along)
    right = np.einsum("ind,nd->i", along, points - fixed)
    chord = float(np.hypot(*(last - first)))
    reach = np.full(2, max(chord, float(np.ptp(points, axis=0).max())) / 3)
    if abs(np.linalg.det(normal)) > 1e-12:
        solved = np.linalg.solve(normal, right)
        if (solved > 1e-6 * chord).all() and (solved < 10 * reach).all():
            reach = solved  # otherwise the curve would fold back: a third of the chord is the usual way out
    return np.stack([first, first + leaving * reach[0], last + arriving * reach[1], last])


def _worst(points: Stroke, curve: Curve, at: Points) -> tuple[float, int]:
    """The greatest squared distance from a point to the curve, and which inner point it is."""
    apart = ((_bernstein(at).T @ curve - points) ** 2).sum(axis=1)
    where = int(apart[1:-1].argmax()) + 1
    return float(apart.max()), where


def _moved_parameters(points: Stroke, curve: Curve, at: Points) -> Points:
    """One step of Newton's method towards the nearest place on the curve; the order is kept."""
    one, two = 3 * np.diff(curve, axis=0), 6 * np.diff(curve, 2, axis=0)
    apart = _bernstein(at).T @ curve - points
    t = at[:, None]
    slope = (1 - t) ** 2 * one[0] + 2 * t * (1 - t) * one[1] + t**2 * one[2]
    bend = (1 - t) * two[0] + t * two[1]
    below = (slope**2).sum(axis=1) + (apart * bend).sum(axis=1)
    step = np.divide((apart * slope).sum(axis=1), below, out=np.zeros_like(at), where=np.abs(below) > 1e-12)
    return np.maximum.accumulate((at - step).clip(0, 1))


def _bernstein(t: Points) -> Points:
    return np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])


def _direction(vector: Points) -> Points:
    length = np.hypot(*vector)
    return vector / length if length > 0 else np.array([1.0, 0.0])
