"""What every feature network has in common: a picture in, a pyramid of activations out, fine to coarse."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import ClassVar

import torch
from torch import nn

from generation.engines.device import bytes_of

Activations = dict[str, torch.Tensor]


class FeatureNetwork(nn.Module, ABC):
    """From pictures (n, 3, h, w) in 0..1 to activations (n, c, h / s, w / s), by the names of the layers asked for.

    The weights are fixed; gradients flow to the picture alone. The same picture gives the same numbers, and on the way
    back the same gradients, bit for bit, on one device.
    """

    name: ClassVar[str]
    layers: ClassVar[tuple[str, ...]]  # all there are, in the order in which the network computes them
    strides: ClassVar[dict[str, int]]  # how many of the picture's pixels one step of a layer spans
    style_layers: ClassVar[tuple[str, ...]]  # those whose statistics say how a picture is painted
    content_layers: ClassVar[tuple[str, ...]]  # those whose activations say what it shows

    @property
    def size(self) -> int:
        """Bytes that its numbers take on their device."""
        return bytes_of(self)

    def forward(self, pictures: torch.Tensor, layers: Collection[str]) -> Activations:
        """Compute as far as the deepest layer asked for; raises ValueError for a layer that it does not have."""
        if unknown := set(layers) - set(self.layers):
            raise ValueError(f"{self.name} has no layer {', '.join(sorted(unknown))}.")
        # Whole numbers everywhere, and channels apart: that is quicker on a processor where layers filter each channel
        # by itself, and statistics need the digits.
        with torch.autocast(pictures.device.type, enabled=False):
            return self._look(pictures.float().contiguous(), set(layers))

    @abstractmethod
    def _look(self, pictures: torch.Tensor, wanted: set[str]) -> Activations:
        """Compute what is wanted, and nothing beyond the deepest of it."""

    def freeze(self) -> None:
        """Let nothing train it."""
        self.requires_grad_(False).eval()
