"""The plain way to find a drawing: the chamfer distance between its lines and every other's (Barrow et al. 1977)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from generation.engines.scribble.strokes import Stroke, fit_box, lengths, resample

SIDE, MARGIN, POINTS = 48, 3, 128


class Chamfer:
    """Looks through all drawings for the one from whose lines these lie nearest, and the other way round."""

    def __init__(self, drawings: Sequence[Sequence[Stroke]]) -> None:
        prepared = [_prepare(strokes) for strokes in drawings]
        self.points = np.stack([points for points, _ in prepared])  # (n, POINTS, 2), whole pixels
        self.away = np.stack([away for _, away in prepared])  # (n, SIDE, SIDE), pixels to the nearest line

    def distances(self, strokes: Sequence[Stroke]) -> NDArray[np.float64]:
        """How far each drawing is, in pixels (n,)."""
        points, away = _prepare(strokes)
        there = self.away[:, points[:, 1], points[:, 0]].mean(axis=1)
        back = away[self.points[..., 1], self.points[..., 0]].mean(axis=1)
        total: NDArray[np.float64] = there + back
        return total


def _prepare(strokes: Sequence[Stroke]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    boxed = fit_box(strokes, SIDE, MARGIN)
    step = sum(lengths(stroke)[-1] for stroke in boxed) / (4 * POINTS)
    every = np.concatenate([resample(stroke, max(step, 1e-6)) for stroke in boxed])
    pixels = every.clip(0, SIDE - 1).astype(np.intp)
    free = np.ones((SIDE, SIDE))
    free[pixels[:, 1], pixels[:, 0]] = 0
    some = np.linspace(0, len(pixels) - 1, POINTS).round().astype(np.intp)
    return pixels[some], distance_transform_edt(free)
