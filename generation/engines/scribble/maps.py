"""What a network sees of a drawing: where there are lines, and which way they run.

Position and size are taken out by the box around the drawing; the order, the direction and the number of strokes leave
no trace, so that it does not matter how somebody draws.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generation.engines.scribble.strokes import Points, Stroke, fit_box, resample

SIDE = 32
DIRECTIONS = 4  # level, falling, upright, rising; a line between two counts to both
_MARGIN = 2.0  # pixels left free around the drawing
_STEP = 0.5  # pixels between samples
_INK = 0.9  # how quickly a pixel fills: twice over the same line is hardly more than once

Maps = NDArray[np.float32]


def draw_maps(strokes: Sequence[Stroke], side: int = SIDE) -> Maps:
    """One map for each direction, (DIRECTIONS, side, side) in 0..1."""
    points, angles = _samples(fit_box(strokes, side, _MARGIN))
    at = angles / np.pi * DIRECTIONS  # 0 to DIRECTIONS, and round again
    first = np.floor(at).astype(np.intp)
    share = at - first
    corner = np.floor(points - 0.5).astype(np.intp)
    x, y = (points - 0.5 - corner).T
    maps = np.zeros(DIRECTIONS * side * side)
    for direction, part in ((first % DIRECTIONS, 1 - share), ((first + 1) % DIRECTIONS, share)):
        for across, down, weight in (
            (0, 0, (1 - x) * (1 - y)),
            (1, 0, x * (1 - y)),
            (0, 1, (1 - x) * y),
            (1, 1, x * y),
        ):
            column, row = (corner + np.array([across, down])).clip(0, side - 1).T
            maps += np.bincount((direction * side + row) * side + column, part * weight, minlength=maps.size)
    return (1 - np.exp(-_INK * maps)).reshape(DIRECTIONS, side, side).astype(np.float32)


def _samples(strokes: Sequence[Stroke]) -> tuple[Points, Points]:
    """Points all along the strokes (n, 2), and the direction of the line at each in 0..π; a dot runs level."""
    points = [resample(stroke, _STEP) for stroke in strokes]
    steps = [np.gradient(stroke, axis=0) if len(stroke) > 1 else np.array([[1.0, 0.0]]) for stroke in points]
    along = np.concatenate(steps)
    return np.concatenate(points), np.arctan2(along[:, 1], along[:, 0]) % np.pi
