"""The painter of a translation, and the heads that look into it.

After Johnson et al. (2016) and Park et al. (2020): two halvings, residual blocks with instance normalisation, two
enlargements. Pixels are folded into channels, so that few layers are as large as the picture. The painter lays what it
paints over the photograph by a mask of its own: what need not change is not painted again (Tang et al.,
"AttentionGAN", 2021).
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

MULTIPLE = 4  # what the sides of pictures are divisible by
_SEEN = 1.0  # the mask before anything is learnt, before the sigmoid: mostly the photograph


class Translator(nn.Module):
    """From pictures N x 3 x H x W in -1..1 to such pictures; H and W multiples of four."""

    def __init__(self, *, width: int, blocks: int) -> None:
        super().__init__()
        self.begin = _convolution(12, width, 5)
        self.shrink = _convolution(width, 2 * width, 3, stride=2)
        self.blocks = nn.ModuleList(_Block(2 * width) for _ in range(blocks))
        self.enlarge = _convolution(2 * width, width, 3)
        self.finish = _convolution(2 * width, 4, 5)
        nn.init.normal_(self.finish.weight, std=0.02)

    def forward(self, pictures: Tensor) -> Tensor:
        seen = self._contract(pictures)
        found = seen[-1]
        for block in self.blocks[self._looked :]:
            found = block(found)
        found = functional.relu(_even(self.enlarge(_doubled(found))))
        # N x 4 x H x W: a picture and its mask
        painted = self.finish(_doubled(torch.cat([found, seen[1]], 1))).float()
        mask = torch.sigmoid(painted[:, 3:] + _SEEN)
        return torch.lerp(torch.tanh(painted[:, :3]), pictures.float(), mask)

    def features(self, pictures: Tensor) -> list[Tensor]:
        """What the first layers see, from the pixels to the middle of the network."""
        return self._contract(pictures)

    @property
    def channels(self) -> list[int]:
        """How many channels each of these has."""
        wide = self.begin.out_channels
        return [12, wide, 2 * wide, 2 * wide]

    @property
    def _looked(self) -> int:
        return (len(self.blocks) + 1) // 2  # blocks before the features that are looked at

    def _contract(self, pictures: Tensor) -> list[Tensor]:
        seen = [functional.pixel_unshuffle(pictures, 2)]
        seen.append(functional.relu(_even(self.begin(seen[-1]))))
        seen.append(functional.relu(_even(self.shrink(seen[-1]))))
        found = seen[-1]
        for block in self.blocks[: self._looked]:
            found = block(found)
        return [*seen, found]


class PatchHeads(nn.Module):
    """From what layers see at some places to vectors of length one, by a small network for each layer."""

    def __init__(self, channels: Sequence[int], wide: int = 64) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(count, wide), nn.ReLU(), nn.Linear(wide, wide)) for count in channels
        )

    def forward(self, seen: Sequence[Tensor], places: Tensor) -> list[Tensor]:
        """Vectors N x P x D for each layer; `places` N x P x 2 in 0..1 (row, column)."""
        found = []
        for head, layer in zip(self.heads, seen, strict=True):
            vectors = head(_at(layer, places))
            found.append(functional.normalize(vectors.float(), dim=-1))
        return found


def _at(layer: Tensor, places: Tensor) -> Tensor:
    """The channels of a layer N x C x H x W at places: N x P x C."""
    rows, columns = (
        (places[..., axis] * layer.shape[axis + 2]).long().clamp_(max=layer.shape[axis + 2] - 1) for axis in (0, 1)
    )
    numbers = torch.arange(len(layer), device=layer.device)[:, None]
    return layer[numbers, :, rows, columns]


class _Block(nn.Module):
    """Two convolutions beside the identity."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.first, self.second = _convolution(wide, wide, 3), _convolution(wide, wide, 3)

    def forward(self, given: Tensor) -> Tensor:
        found = _even(self.second(functional.relu(_even(self.first(given)))))
        return torch.add(given, found)


def _doubled(given: Tensor) -> Tensor:
    """Twice as large; a convolution that follows leaves no grid (Odena et al., "Checkerboard Artifacts", 2016)."""
    return functional.interpolate(given, scale_factor=2, mode="nearest")


def _even(given: Tensor) -> Tensor:
    """Each picture's channels at one strength (Ulyanov et al., "Instance Normalization", 2016)."""
    return functional.instance_norm(given)


def _convolution(narrow: int, wide: int, side: int, stride: int = 1) -> nn.Conv2d:
    made = nn.Conv2d(narrow, wide, side, stride, padding=side // 2, padding_mode="reflect")
    nn.init.kaiming_normal_(made.weight, nonlinearity="relu")
    assert made.bias is not None
    nn.init.zeros_(made.bias)
    return made
