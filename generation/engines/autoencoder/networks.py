"""The convolutions that every autoencoder here shares: from pictures to a small grid of features, and back.

Residual blocks without normalisation, begun near the identity; pixels are folded into channels before the first
convolution and unfolded after the last, so that no layer is as large as the picture.
"""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

_NARROWEST = 16
_FOLD = 2  # pixels a side that are folded into channels


def channels(side: int, width: int) -> int:
    """How many channels a layer of that side has: `width` at 16 pixels, half of it a doubling, twice at 8 and below."""
    return max(_NARROWEST, min(2 * width, width * 16 // side))


def sides(resolution: int, grid: int) -> list[int]:
    """From half the resolution down to the grid: 32, 16, 8."""
    steps = int(math.log2(resolution // _FOLD // grid))
    return [resolution // _FOLD >> step for step in range(steps + 1)]


class Encoder(nn.Module):
    """From pictures N x 3 x R x R in -1..1 to features N x C x grid x grid."""

    def __init__(self, *, resolution: int, width: int, grid: int) -> None:
        super().__init__()
        steps = sides(resolution, grid)
        self.begin = nn.Conv2d(3 * _FOLD * _FOLD, channels(steps[0], width), 3, padding=1)
        layers: list[nn.Module] = []
        for before, side in pairwise(steps):
            layers += [_Halve(channels(before, width), channels(side, width)), Block(channels(side, width))]
        self.layers = nn.Sequential(*layers)
        self.wide = channels(steps[-1], width)
        self.apply(_begin)

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.layers(self.begin(functional.pixel_unshuffle(pictures, _FOLD)))
        return functional.silu(found)


class Decoder(nn.Module):
    """From features N x C x grid x grid to pictures N x 3 x R x R, about -1..1."""

    def __init__(self, *, resolution: int, width: int, grid: int) -> None:
        super().__init__()
        steps = sides(resolution, grid)[::-1]
        layers: list[nn.Module] = [Block(channels(steps[0], width))]
        for before, side in pairwise(steps):
            layers += [_Double(channels(before, width), channels(side, width)), Block(channels(side, width))]
        self.layers = nn.Sequential(*layers)
        self.finish = nn.Conv2d(channels(steps[-1], width), 3 * _FOLD * _FOLD, 3, padding=1)
        self.wide = channels(steps[0], width)
        self.apply(_begin)

    def forward(self, features: Tensor) -> Tensor:
        painted = functional.pixel_shuffle(self.finish(functional.silu(self.layers(features))), _FOLD)
        return painted.float()


class Block(nn.Module):
    """Two convolutions beside the identity."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(wide, wide, 3, padding=1)
        self.second = nn.Conv2d(wide, wide, 3, padding=1)
        self.strength = nn.Parameter(torch.full((), 0.2))

    def forward(self, given: Tensor) -> Tensor:
        found = self.second(functional.silu(self.first(functional.silu(given))))
        added: Tensor = given + found * self.strength.to(found.dtype)
        return added


class _Halve(nn.Module):
    """Half as large: four pixels become one."""

    def __init__(self, narrow: int, wide: int) -> None:
        super().__init__()
        self.fold = nn.Conv2d(narrow, wide, 4, stride=2, padding=1)

    def forward(self, given: Tensor) -> Tensor:
        found: Tensor = self.fold(functional.silu(given))
        return found


class _Double(nn.Module):
    """Twice as large: a pixel becomes four."""

    def __init__(self, wide: int, narrow: int) -> None:
        super().__init__()
        self.unfold = nn.Conv2d(wide, 4 * narrow, 3, padding=1)

    def forward(self, given: Tensor) -> Tensor:
        return functional.pixel_shuffle(self.unfold(functional.silu(given)), 2)


def _begin(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
