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
_SLOPE = 0.1  # of what is below nought
_FOLD = 4  # pixels a side that are folded into channels, at most


def channels(side: int, width: int) -> int:
    """How many channels a layer of that side has: `width` at 16 pixels, half of it a doubling, twice at 8 and below."""
    return max(_NARROWEST, min(2 * width, width * 16 // side))


def sides(resolution: int, grid: int) -> list[int]:
    """The sides of the layers, from the folded picture's down to the grid: 16, 8, 4; two at least."""
    first = max(resolution // _FOLD, 2 * grid)
    return [first >> step for step in range(int(math.log2(first // grid)) + 1)]


class Encoder(nn.Module):
    """From pictures N x 3 x R x R in -1..1 to features N x C x grid x grid."""

    def __init__(self, *, resolution: int, width: int, grid: int) -> None:
        super().__init__()
        steps = sides(resolution, grid)
        self.fold = resolution // steps[0]
        self.begin = nn.Conv2d(3 * self.fold**2, channels(steps[0], width), 3, padding=1)
        layers: list[nn.Module] = []
        for before, side in pairwise(steps):
            layers += [_Halve(channels(before, width), channels(side, width)), Block(channels(side, width))]
        self.layers = nn.Sequential(*layers)
        self.wide = channels(steps[-1], width)
        self.apply(_begin)

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.layers(self.begin(functional.pixel_unshuffle(pictures, self.fold)))
        return _bend(found)


class Decoder(nn.Module):
    """From features N x C x grid x grid to pictures N x 3 x R x R, about -1..1."""

    def __init__(self, *, resolution: int, width: int, grid: int) -> None:
        super().__init__()
        steps = sides(resolution, grid)[::-1]
        layers: list[nn.Module] = [Block(channels(steps[0], width))]
        for before, side in pairwise(steps):
            layers += [_Double(channels(before, width), channels(side, width)), Block(channels(side, width))]
        self.layers = nn.Sequential(*layers)
        self.fold = resolution // steps[-1]
        self.finish = nn.Conv2d(channels(steps[-1], width), 3 * self.fold**2, 3, padding=1)
        self.wide = channels(steps[0], width)
        self.apply(_begin)
        for unfolding, fold in self._unfolding():
            _begin_smooth(unfolding, fold)

    def forward(self, features: Tensor) -> Tensor:
        painted = functional.pixel_shuffle(self.finish(_bend(self.layers(features))), self.fold)
        return painted.float()

    def _unfolding(self) -> list[tuple[nn.Conv2d, int]]:
        return [(self.finish, self.fold), *((layer.unfold, 2) for layer in self.layers if isinstance(layer, _Double))]


class Block(nn.Module):
    """Two convolutions beside the identity."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(wide, wide, 3, padding=1)
        self.second = nn.Conv2d(wide, wide, 3, padding=1)
        self.strength = nn.Parameter(torch.full((), 0.2))

    def forward(self, given: Tensor) -> Tensor:
        found = self.second(_bend(self.first(_bend(given))))
        added: Tensor = given + found * self.strength.to(found.dtype)
        return added


class _Halve(nn.Module):
    """Half as large: four pixels become one."""

    def __init__(self, narrow: int, wide: int) -> None:
        super().__init__()
        self.fold = nn.Conv2d(narrow, wide, 4, stride=2, padding=1)

    def forward(self, given: Tensor) -> Tensor:
        found: Tensor = self.fold(_bend(given))
        return found


class _Double(nn.Module):
    """Twice as large: a pixel becomes four."""

    def __init__(self, wide: int, narrow: int) -> None:
        super().__init__()
        self.unfold = nn.Conv2d(wide, 4 * narrow, 3, padding=1)

    def forward(self, given: Tensor) -> Tensor:
        return functional.pixel_shuffle(self.unfold(_bend(given)), 2)


def _bend(given: Tensor) -> Tensor:
    return functional.leaky_relu(given, _SLOPE)


def _begin(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


@torch.no_grad()
def _begin_smooth(unfolding: nn.Conv2d, fold: int) -> None:
    """Pixels that are unfolded from one place begin equal, so that no grid is seen (Aitken et al., 2017)."""
    weight = unfolding.weight[:: fold * fold].repeat_interleave(fold * fold, 0)
    unfolding.weight.copy_(weight)
