"""Choosing some of a layer's places, on a grid: a sample that covers the whole picture.

A grid is a slice, and slices hand gradients back in one fixed order, on a GPU too.
"""

import math
from dataclasses import dataclass
from typing import Self

import torch
from torch.nn import functional


@dataclass(frozen=True)
class Grid:
    """Every `step`-th row and column, from a first one."""

    step: int
    row: int = 0
    column: int = 0

    @classmethod
    def of_step(cls, height: int, width: int, most: int) -> Self:
        """The finest grid of about `most` places."""
        return cls(max(1, math.ceil(math.sqrt(height * width / most))))

    @classmethod
    def draw(cls, height: int, width: int, most: int, generator: torch.Generator) -> Self:
        """The same from a random place."""
        step = cls.of_step(height, width, most).step
        row, column = torch.randint(step, (2,), generator=generator).tolist()
        return cls(step, min(row, height - 1), min(column, width - 1))

    def of(self, maps: torch.Tensor) -> torch.Tensor:
        """The numbers at its places: (c, h, w) to (places, c)."""
        return maps[:, self.row :: self.step, self.column :: self.step].flatten(1).T


def directions(channels: int, most: int, generator: torch.Generator, device: torch.device) -> torch.Tensor:
    """Random directions of length one, drawn on the CPU: (channels, k), k = `most` or fewer where channels are few."""
    drawn = torch.randn(channels, min(most, 4 * channels), generator=generator)
    return functional.normalize(drawn, dim=0).to(device)
