"""Paths along a current, laid side by side so that none touches another.

After Jobard and Lefer, "Creating evenly-spaced streamlines of arbitrary density", 1997: a grid remembers where
something lies already, and a new path goes on only until it would come too near. Lengths are in units of the sheet's
longer side.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from generation.engines.algorithmic.noise import fractal_noise

Points = NDArray[np.float32]  # (n, 2): x and y

STRIDE = 1 / 640  # the length of one step along the current, and the cell size of the grid
_MOST_TURN = 1.6 * math.pi  # a path that turns further than this would run into itself
_DETAIL = 256  # samples of the current along the longer side


class Current:
    """A direction for every place on the sheet."""

    def __init__(self, width: float, height: float, turbulence: float, generator: torch.Generator) -> None:
        self.width, self.height = width, height
        shape = (round(_DETAIL * height), round(_DETAIL * width))
        bend = fractal_noise(generator, *shape, cells=0.9 + 2.2 * turbulence, octaves=3, roughness=0.32)
        heading, swing = torch.rand(2, generator=generator).tolist()
        angle = heading * 2 * math.pi + (0.45 + 0.5 * swing + 0.9 * turbulence) * bend
        self._direction = torch.stack([angle.cos(), angle.sin()])[None]  # (1, 2, rows, columns)

    def follow(self, starts: torch.Tensor, steps: int) -> NDArray[np.float32]:
        """Follow the current both ways from every start (n, 2) at once: (n, 2 steps + 1, 2)."""
        ways = []
        for sign in (-1.0, 1.0):
            at, way = starts, []
            for _ in range(steps):
                at = at + sign * STRIDE * self._at(at)
                way.append(at)
            ways.append(torch.stack(way, 1))
        return torch.cat([ways[0].flip(1), starts[:, None], ways[1]], 1).numpy()

    def _at(self, points: torch.Tensor) -> torch.Tensor:
        """Read the direction at points (n, 2)."""
        grid = points * torch.tensor([2 / self.width, 2 / self.height]) - 1
        read = functional.grid_sample(self._direction, grid[None, :, None], padding_mode="border", align_corners=False)
        return functional.normalize(read[0, :, :, 0].T, dim=1)


class Sheet:
    """Paper that remembers where something lies."""

    def __init__(self, width: float, height: float, margin: float) -> None:
        self._taken = np.ones((math.ceil(height / STRIDE) + 1, math.ceil(width / STRIDE) + 1), dtype=bool)
        edge = round(margin / STRIDE)
        self._taken[edge:-edge, edge:-edge] = False

    def free(self, points: Points) -> NDArray[np.bool_]:
        """Say for every point (..., 2) whether nothing lies there and it is within the margins."""
        cells = np.floor(points / STRIDE).astype(np.int64)
        rows, columns = (np.clip(cells[..., i], 0, self._taken.shape[1 - i] - 1) for i in (1, 0))
        unoccupied: NDArray[np.bool_] = np.logical_not(self._taken[rows, columns])
        return unoccupied

    def lay(self, path: Points, breadth: float, gap: float, shortest: float) -> Points | None:
        """Lay as much of a path as there is room for around its middle; None if that is too short."""
        left = across(path)
        room = np.all(self.free(path[:, None] + left[:, None] * _offsets(breadth + gap)[None, :, None]), axis=1)
        middle = len(path) // 2
        if not room[middle]:
            return None
        first, last = _run_around(middle, room & _turns_little(left, middle))
        path, left = path[first:last], left[first:last]
        if (last - first) * STRIDE < shortest:
            return None
        covered = np.floor((path[:, None] + left[:, None] * _offsets(breadth + gap)[None, :, None]) / STRIDE)
        cells = covered.astype(np.int64)
        self._taken[cells[..., 1], cells[..., 0]] = True
        kept_clear = math.ceil(gap / STRIDE)  # ribbons that follow one another keep their distance too
        return path[kept_clear : len(path) - kept_clear]


def across(path: Points) -> Points:
    """Give the unit vector to the left of each step."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    left: Points = np.stack([-along[:, 1], along[:, 0]], 1)
    return left


def _offsets(breadth: float) -> NDArray[np.float32]:
    """Give places across a ribbon, near enough to one another to leave no cell out."""
    return np.linspace(-breadth / 2, breadth / 2, 2 + math.ceil(breadth / STRIDE * 1.4), dtype=np.float32)


def _turns_little(left: Points, middle: int) -> NDArray[np.bool_]:
    """Say where a path has not yet turned so far from its middle that it may meet itself."""
    angle = np.unwrap(np.arctan2(left[:, 1], left[:, 0]))
    little: NDArray[np.bool_] = np.less(np.abs(angle - angle[middle]), _MOST_TURN / 2)
    return little


def _run_around(middle: int, good: NDArray[np.bool_]) -> tuple[int, int]:
    """Give the bounds of the unbroken run of good steps that holds the middle."""
    bad = np.flatnonzero(~good)
    at = int(np.searchsorted(bad, middle))
    first = int(bad[at - 1]) + 1 if at > 0 else 0
    last = int(bad[at]) if at < len(bad) else len(good)
    return first, last
