"""The least visible line along which two blocks can be joined; by dynamic programming, as Efros and Freeman do."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Errors = NDArray[np.float32]
_Kind = TypeVar("_Kind", bound=np.generic)


def keep(errors: Errors, band: int, sides: str) -> NDArray[np.bool_]:
    """Say which pixels of a new block (b, b) are laid over what is there already, which the old ones keep.

    `errors` tells how far new and old differ at each pixel; along each of the `sides` ("l", "t", "r", "b") the old
    reaches `band` pixels in. A block takes over on its own side of the cut.
    """
    length = len(errors)
    new = np.ones((length, length), dtype=bool)
    if not sides:
        return new
    turned = [_turned(errors, side)[:, :band] for side in sides]
    paths = _cuts(np.stack(turned))
    columns = np.arange(length)
    for side, path in zip(sides, paths, strict=True):
        new &= _turned(columns[None, :] >= path[:, None], side)  # each turn is its own undoing
    return new


def _turned(square: NDArray[_Kind], side: str) -> NDArray[_Kind]:
    """Turn a square so that the named side lies on the left; doing so twice turns it back."""
    if side == "r":
        return square[:, ::-1]
    if side == "t":
        return square.T
    return square[::-1, ::-1].T if side == "b" else square


def _cuts(strips: Errors) -> NDArray[np.int64]:
    """Find the cheapest way down each strip (k, n, w), moving at most one column a row: (k, n) columns."""
    number, length, width = strips.shape
    total = np.full((number, length, width + 2), np.inf, dtype=np.float32)
    total[:, :, 1:-1] = strips
    for row in range(1, length):
        above = total[:, row - 1]
        total[:, row, 1:-1] += np.minimum(np.minimum(above[:, :-2], above[:, 1:-1]), above[:, 2:])
    paths = np.empty((number, length), dtype=np.int64)
    each = np.arange(number)
    at = total[:, -1].argmin(1)
    for row in range(length - 1, -1, -1):
        if row < length - 1:
            near = total[each[:, None], row, at[:, None] + np.arange(-1, 2)]
            at = at - 1 + near.argmin(1)
        paths[:, row] = at
    return paths - 1
