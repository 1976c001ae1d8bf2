"""The manner wanted in one region of a picture, and how far a picture is from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional

from generation.engines.style.features.network import Activations
from generation.engines.style.masterpiece import losses
from generation.engines.style.masterpiece.spread import FEWEST, LayerSpread, PatchSpread

PIXELS = "pixels"  # beside a network's layers: the picture itself


@dataclass(frozen=True)
class StyleWeights:
    """How much each part of a manner counts."""

    gram: float
    layers: float
    colours: float
    patches: float


class Manner:
    """Gram matrices and spreads of each layer, blended of several pictures' by their shares."""

    def __init__(
        self,
        looks: Sequence[tuple[float, Activations]],
        sizes: Mapping[str, tuple[int, int]],
        cover: torch.Tensor | None,
    ) -> None:
        """Take shares that amount to one with what the layers, and PIXELS, see in pictures of any size (c, any, any).

        `sizes` are (h, w) of the layers in the picture to be painted; `cover` (h, w) says how much of each of its
        pixels belongs to the region, None: all. In layers where it is too small to be seen nothing is wanted.
        """
        self._grams: dict[str, tuple[torch.Tensor, torch.Tensor | None]] = {}
        self._layers: dict[str, LayerSpread] = {}
        self._patches: PatchSpread | None = None
        for layer, size in sizes.items():
            here = None if cover is None else functional.adaptive_avg_pool2d(cover[None, None], size)[0, 0]
            if here is not None and here.sum() < FEWEST:
                continue
            blend = [(share, look[layer]) for share, look in looks]
            self._layers[layer] = LayerSpread(blend, size, here)
            if layer == PIXELS:
                self._patches = PatchSpread(blend, size, here)
            else:
                wanted = torch.stack([share * losses.gram(maps) for share, maps in blend]).sum(0)
                self._grams[layer] = wanted, here

    def draw(self, generator: torch.Generator) -> None:
        """Choose the places and directions that are compared; must be called before the first error is asked for."""
        for spread in (*self._layers.values(), *([self._patches] if self._patches else [])):
            spread.draw(generator)

    def error(self, seen: Activations, weights: StyleWeights) -> torch.Tensor:
        """How far what the layers and PIXELS see (c, h, w) is from this manner."""
        error = seen[PIXELS].new_zeros(())
        for layer, (wanted, cover) in self._grams.items():
            found = losses.relative_error(losses.gram(seen[layer], cover), wanted)
            error = error + weights.gram * found / len(self._grams)
        for layer, spread in self._layers.items():
            weight = weights.colours if layer == PIXELS else weights.layers / len(self._grams)
            if weight > 0:
                error = error + weight * spread.error(seen[layer])
        if self._patches and weights.patches > 0:
            error = error + weights.patches * self._patches.error(seen[PIXELS])
        return error
