"""A drawing as a hand would have drawn it: what the network learns from, and what the benchmark asks about.

All of it happens to a clean drawing in a box of side 1, in this order:

- strokes are left out, small ones sooner than large ones, but never more than part of the drawing's length;
- strokes whose ends meet are drawn in one go (merged), and long ones in two;
- each stroke is rounded at its corners, moved, turned and scaled a little by itself;
- a slow wobble runs along it, its ends overshoot or fall short, and it trembles;
- the whole is bent by a smooth field, turned, sheared and stretched;
- points come as far apart as a pointer's events do.

How strongly a hand is off differs from hand to hand: every drawing draws its own strengths.
"""

from collections.abc import Sequence

import numpy as np

from generation.engines.scribble.strokes import Points, Stroke, fit_box, lengths, resample

_STEP = 0.01  # between points while a stroke is bent
_MEETS = 0.02  # ends this near are one place
_MERGED, _SPLIT = 0.5, 0.25  # how often what can be merged is, and what can be split
_LONG = 0.8  # strokes this long may be split
_DROPPED = 0.3  # the most that is left out, of the drawing's length
_OWN = (0.012, 0.05, 0.05)  # of one stroke: moved by, turned by (radians), scaled by
_WOBBLE, _TREMOR, _OVERSHOOT, _ROUNDED = 0.008, 0.0025, 0.02, 0.012
_BEND = 0.025  # of the whole: how far a smooth field moves a point
_TURN, _SHEAR, _STRETCH = 0.1, 0.08, 0.1


def roughen(strokes: Sequence[Stroke], generator: np.random.Generator, strength: float = 1.0) -> list[Stroke]:
    """Draw it again by hand; `strength` 0 leaves the shape as it is, 1 is a hand's, 2 a clumsy one's."""
    hand = strength * generator.uniform(0.5, 1.5)
    kept = _drop(fit_box(strokes), generator, min(1.0, hand) * generator.uniform(0, _DROPPED))
    redrawn = [_redraw(stroke, generator, hand) for stroke in _rejoin(kept, generator)]
    whole = _bend(redrawn, generator, hand)
    return [resample(stroke, generator.uniform(0.008, 0.03)) for stroke in whole]


def _drop(strokes: list[Stroke], generator: np.random.Generator, share: float) -> list[Stroke]:
    """Leave strokes out in an order by chance, short ones sooner, as long as what is missing is at most `share`."""
    sizes = np.array([lengths(stroke)[-1] + 1e-3 for stroke in strokes])
    spare, kept = share * sizes.sum(), set(range(len(strokes)))
    for at in np.argsort(generator.exponential(1.0, len(strokes)) * sizes):
        if generator.random() < 0.5 and sizes[at] <= spare and len(kept) > 1:
            kept.discard(int(at))
            spare -= sizes[at]
    return [strokes[at] for at in sorted(kept)]


def _rejoin(strokes: list[Stroke], generator: np.random.Generator) -> list[Stroke]:
    """Draw some strokes that meet in one go, and some long ones in two."""
    waiting = [strokes[at] for at in generator.permutation(len(strokes))]
    drawn: list[Stroke] = []
    while waiting:
        stroke = waiting.pop()
        following = [at for at, other in enumerate(waiting) if _joined(stroke, other) is not None]
        if following and generator.random() < _MERGED:
            joined = _joined(stroke, waiting.pop(following[0]))
            assert joined is not None
            waiting.append(joined)
        elif len(stroke) > 8 and lengths(stroke)[-1] > _LONG and generator.random() < _SPLIT:
            middle = int(generator.integers(3, len(stroke) - 3))
            drawn += [stroke[: middle + 1], stroke[middle:]]
        else:
            drawn.append(stroke)
    return drawn


def _joined(one: Stroke, other: Stroke) -> Stroke | None:
    for first in (one, one[::-1]):
        for second in (other, other[::-1]):
            if np.hypot(*(first[-1] - second[0])) < _MEETS:
                return np.concatenate([first, second])
    return None


def _redraw(stroke: Stroke, generator: np.random.Generator, hand: float) -> Stroke:
    """One stroke, rounded, moved, wobbling and trembling, with ends that are not where they should be."""
    points = resample(stroke, _STEP)
    points = _round(points, _ROUNDED * hand * generator.uniform(0, 1.5) / _STEP)
    middle = points.mean(axis=0)
    moved, turned, scaled = (generator.normal(0, hand * by) for by in _OWN)
    points = (points - middle) @ _rotation(turned) * np.exp(scaled) + middle + moved * generator.normal(0, 1, 2)
    if len(points) > 4:
        points = _overshoot(points, generator, hand)
    points = points + _wobble(len(points), generator) * hand * _WOBBLE
    return points + generator.normal(0, hand * _TREMOR, points.shape)


def _round(points: Points, sigma: float) -> Points:
    """Smooth along the stroke by a Gaussian of `sigma` points; the ends stay."""
    if sigma < 0.3 or len(points) < 5:
        return points
    reach = min(int(3 * sigma) + 1, len(points) - 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    before, after = 2 * points[0] - points[reach:0:-1], 2 * points[-1] - points[-2 : -reach - 2 : -1]
    padded = np.concatenate([before, points, after])
    return np.stack([np.convolve(padded[:, axis], kernel / kernel.sum(), "valid") for axis in (0, 1)], axis=1)


def _overshoot(points: Points, generator: np.random.Generator, hand: float) -> Points:
    """Go on straight past each end, or stop before it."""
    for _ in range(2):
        points, by = points[::-1], generator.normal(0, hand * _OVERSHOOT)
        if by < 0:
            points = points[: max(4, len(points) - round(-by / _STEP))]
        else:
            ahead = points[-1] - points[max(0, len(points) - 4)]
            points = np.concatenate([points, points[-1:] + ahead / max(np.hypot(*ahead), 1e-9) * by])
    return resample(points, _STEP)


def _wobble(count: int, generator: np.random.Generator) -> Points:
    """A slow drift along a stroke: (count, 2), of about unit size."""
    along = np.arange(count)[:, None] * _STEP
    waves = generator.uniform(0.7, 6.0, (1, 4))  # in cycles a side of the drawing
    phases = generator.uniform(0, 2 * np.pi, (2, 1, 4))
    heights = generator.normal(0, 1, (2, 1, 4)) / np.sqrt(waves)
    drift: Points = (np.sin(2 * np.pi * waves * along + phases) * heights).sum(axis=2).T
    return drift


def _bend(strokes: list[Stroke], generator: np.random.Generator, hand: float) -> list[Stroke]:
    """Move all points by one smooth field, then turn, shear and stretch the whole."""
    waves = generator.normal(0, 1.0, (3, 2))  # in cycles a side
    phases, heights = generator.uniform(0, 2 * np.pi, 3), generator.normal(0, hand * _BEND, (3, 2))
    stretch = np.exp(generator.normal(0, hand * _STRETCH))
    shear = np.array([[1.0, generator.normal(0, hand * _SHEAR)], [0.0, 1.0]])
    matrix = np.diag([stretch, 1 / stretch]) @ shear @ _rotation(generator.normal(0, hand * _TURN))
    return [
        (stroke + np.sin(2 * np.pi * (stroke - 0.5) @ waves.T + phases) @ heights - 0.5) @ matrix.T + 0.5
        for stroke in strokes
    ]


def _rotation(angle: float) -> Points:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
