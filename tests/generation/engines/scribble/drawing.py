"""Strokes for tests, as a hand would draw them."""

from itertools import pairwise

import numpy as np

from generation.engines.scribble.library import Drawing, drawings_by_id
from generation.engines.scribble.roughening import roughen
from generation.engines.scribble.strokes import Stroke


def drawing(name: str) -> Drawing:
    """A drawing of the library by the end of its id."""
    return drawings_by_id()[name]


def roughly(name: str, seed: int = 1, strength: float = 0.7) -> list[Stroke]:
    """A drawing as somebody drew it."""
    return roughen(drawing(name).strokes, np.random.default_rng(seed), strength)


def around(points: list[tuple[float, float]], tremor: float = 0.0, seed: int = 1, each: int = 40) -> Stroke:
    """A line through points, with a trembling hand."""
    corners = np.array(points, dtype=float)
    pieces = [np.linspace(start, end, each, endpoint=False) for start, end in pairwise(corners)]
    line = np.concatenate([*pieces, corners[-1:]])
    return line + np.random.default_rng(seed).normal(0, tremor, line.shape)


def ring(radius: float = 100.0, wobble: float = 0.0, upto: float = 6.2, seed: int = 1, flat: float = 1.0) -> Stroke:
    """A circle, or an ellipse lying flat, that wobbles and may not quite close."""
    angle = np.linspace(0, upto, 120)
    phase = np.random.default_rng(seed).uniform(0, 6, 2)
    off = 1 + wobble * (np.sin(3 * angle + phase[0]) + np.sin(5 * angle + phase[1])) / 2
    points: Stroke = np.stack([np.cos(angle), flat * np.sin(angle)], axis=1) * (off * radius)[:, None]
    return points
