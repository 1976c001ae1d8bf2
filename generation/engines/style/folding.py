"""Kernels rewritten so that a layer at full resolution runs at half of it, with the same result.

A processor multiplies many channels at once and is wasted on layers with three or eight of them. A picture of c
channels can be looked at as one of 4c channels and half the side: its even and odd rows and columns, the "phases",
one after another (row phase, column phase, channel). A convolution stays a convolution under that view, with a kernel
sorted by phase; so do a stride of two and a nearest-neighbour enlargement before it. The sums are the same; there are
fewer, wider loops.
"""

from itertools import product

import torch
from torch.nn import functional

_PHASES = (0, 1)


def fold_to_phases(kernel: torch.Tensor) -> torch.Tensor:
    """Rewrite a stride-1 kernel (o, c, k, k), k odd, as a stride-2 one that writes phases: (4o, c, k+1, k+1)."""
    out, channels, k, _ = kernel.shape
    folded = kernel.new_zeros(2, 2, out, channels, k + 1, k + 1)
    for a, b in product(_PHASES, _PHASES):
        folded[a, b, :, :, a : a + k, b : b + k] = kernel
    return folded.reshape(out * 4, channels, k + 1, k + 1)


def fold_stride(kernel: torch.Tensor) -> torch.Tensor:
    """Rewrite a stride-2 kernel (o, c, 3, 3) with padding 1 to read phases: (o, 4c, 2, 2).

    The padding becomes one repeated block above and to the left: its odd row is the row that reflection would give.
    """
    out, channels, _, _ = kernel.shape
    folded = kernel.new_zeros(out, 2, 2, channels, 2, 2)
    for u, v in product(range(3), range(3)):
        row, row_phase = divmod(u + 1, 2)
        column, column_phase = divmod(v + 1, 2)
        folded[:, row_phase, column_phase, :, row, column] = kernel[:, :, u, v]
    return folded.reshape(out, channels * 4, 2, 2)


def fold_enlargement(kernel: torch.Tensor) -> torch.Tensor:
    """Rewrite a kernel (o, c, 3, 3) that follows a twofold enlargement to write phases: (4o, c, 3, 3).

    Reflection by one pixel after the enlargement becomes repetition by one pixel before it.
    """
    out, channels, _, _ = kernel.shape
    folded = kernel.new_zeros(2, 2, out, channels, 3, 3)
    for a, b, u, v in product(_PHASES, _PHASES, range(3), range(3)):
        folded[a, b, :, :, 1 + (a + u - 1) // 2, 1 + (b + v - 1) // 2] += kernel[:, :, u, v]
    return folded.reshape(out * 4, channels, 3, 3)


def fold_picture(x: torch.Tensor) -> torch.Tensor:
    """Sort each plane's pixels (k, h, w) by phase: (4, k, h/2, w/2)."""
    return functional.pixel_unshuffle(x[:, None], 2).transpose(0, 1)


def unfold_phases(x: torch.Tensor) -> torch.Tensor:
    """Put the phases (1, 4c, h, w) back into their places: (1, c, 2h, 2w), channels last."""
    n, channels, height, width = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(n, height, width, 2, channels // 2).transpose(2, 3)
    return rows.reshape(n, height * 2, width * 2, channels // 4).permute(0, 3, 1, 2)
