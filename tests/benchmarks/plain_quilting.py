"""Image quilting as one would write it in numpy: each block compared with every place, each cut by a loop."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Picture = NDArray[np.float32]  # (h, w, 3) in 0..1


def plain_quilt(exemplar: Picture, side: int, block: int, band: int, random: np.random.Generator) -> Picture:
    """Lay blocks over a square, after Efros and Freeman (2001)."""
    step = block - band
    count = -(-(side - band) // step)
    out = np.zeros((count * step + band, count * step + band, 3), dtype=np.float32)
    high, wide = exemplar.shape[0] - block + 1, exemplar.shape[1] - block + 1
    for row in range(count):
        for column in range(count):
            spot = out[row * step : row * step + block, column * step : column * step + block]
            if row == column == 0:
                top, left = int(random.integers(high)), int(random.integers(wide))
                spot[:] = exemplar[top : top + block, left : left + block]
                continue
            errors = np.zeros((high, wide), dtype=np.float32)
            if column:
                errors += _errors(exemplar, spot[:, :band])[:, :wide]
            if row:
                errors += _errors(exemplar, spot[:band])[:high]
            good = np.argwhere(errors <= 1.1 * errors.min() + 1e-6)
            top, left = good[random.integers(len(good))]
            new = exemplar[top : top + block, left : left + block]
            apart = ((new - spot) ** 2).sum(2)
            over = np.ones((block, block), dtype=bool)
            if column:
                over &= np.arange(block)[None, :] >= _cut(apart[:, :band])[:, None]
            if row:
                over &= np.arange(block)[:, None] >= _cut(apart[:band].T)[None, :]
            spot[over] = new[over]
    return out[:side, :side]


def _errors(exemplar: Picture, strip: Picture) -> Picture:
    """The squared difference between a strip and every place of the exemplar."""
    windows = sliding_window_view(exemplar, strip.shape[:2], axis=(0, 1))  # (n, m, 3, h, w)
    target = strip.transpose(2, 0, 1)
    return np.stack([((row - target) ** 2).sum((1, 2, 3)) for row in windows])


def _cut(errors: Picture) -> NDArray[np.int64]:
    total = errors.copy()
    for row in range(1, len(total)):
        for column in range(total.shape[1]):
            total[row, column] += total[row - 1, max(0, column - 1) : column + 2].min()
    path = [int(total[-1].argmin())]
    for row in range(len(total) - 2, -1, -1):
        first = max(0, path[-1] - 1)
        path.append(first + int(total[row, first : path[-1] + 2].argmin()))
    return np.array(path[::-1])
