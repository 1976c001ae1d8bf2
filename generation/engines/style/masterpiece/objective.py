"""What a picture is optimised for at one size: the styles' manner in each region, and what the photograph shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from generation.engines.style.features.network import Activations, FeatureNetwork
from generation.engines.style.masterpiece import losses
from generation.engines.style.masterpiece.manner import PIXELS, Manner, StyleWeights
from generation.engines.style.masterpiece.sampling import Grid

_ALIKE = 256  # places whose likeness to one another is compared


@dataclass(frozen=True)
class Balance:
    """How much each part of the loss counts."""

    style: StyleWeights
    content: float
    similarity: float
    outside: float = 100.0


PAINTING = Balance(style=StyleWeights(gram=100.0, layers=3.0, colours=3.0, patches=3.0), content=1.35, similarity=0.6)
# Once everything is in its place: what is left to do is where strokes and grain lie.
FINISHING = Balance(style=StyleWeights(gram=100.0, layers=0.0, colours=0.0, patches=0.5), content=1.35, similarity=0.0)


@dataclass(frozen=True)
class Area:
    """A region of the picture, and whose manner it is given."""

    cover: torch.Tensor | None  # (h, w): how much of each pixel belongs to it; None: all
    blend: Sequence[tuple[float, torch.Tensor]]  # shares that amount to one, and pictures (1, 3, any, any)


class Objective:
    """A loss of pictures of one size; `draw` chooses what is compared, and must be called first."""

    def __init__(self, network: FeatureNetwork, photograph: torch.Tensor, areas: Sequence[Area]) -> None:
        """Look at the photograph (1, 3, h, w) and at the pictures of each area."""
        self._network = network
        self._layers = {*network.style_layers, *network.content_layers}
        self._alike: dict[str, tuple[Grid, torch.Tensor]] = {}
        with torch.no_grad():
            seen = self._look(photograph)
            self._content = {layer: seen[layer] for layer in network.content_layers}
            height, width = photograph.shape[2:]
            sizes = {PIXELS: (height, width)}
            for layer in network.style_layers:
                sizes[layer] = (seen[layer].shape[1], seen[layer].shape[2])
            self._manners = [
                Manner([(share, self._look(shown)) for share, shown in area.blend], sizes, area.cover) for area in areas
            ]

    def draw(self, generator: torch.Generator, balance: Balance) -> None:
        """Choose places, directions, and how much each part counts; the loss is another function afterwards."""
        self._balance = balance
        for layer, shown in self._content.items():
            grid = Grid.draw(shown.shape[1], shown.shape[2], _ALIKE, generator)
            self._alike[layer] = grid, losses.self_similarity(grid.of(shown))
        for manner in self._manners:
            manner.draw(generator)

    def __call__(self, picture: torch.Tensor) -> torch.Tensor:
        """The loss of a picture (1, 3, h, w): one number, which knows its gradient."""
        seen, balance = self._look(picture), self._balance
        loss = balance.outside * losses.outside(picture)
        for layer, shown in self._content.items():
            grid, alike = self._alike[layer]
            loss = loss + balance.content * losses.relative_error(seen[layer], shown) / len(self._content)
            if balance.similarity > 0:
                alike_error = losses.similarity_error(grid.of(seen[layer]), alike)
                loss = loss + balance.similarity * alike_error / len(self._content)
        for manner in self._manners:
            loss = loss + manner.error(seen, balance.style)
        return loss

    def _look(self, picture: torch.Tensor) -> Activations:
        """What each layer and PIXELS see (c, h, w)."""
        # In full precision everywhere: a line search compares losses that differ by less than bfloat16's roundings.
        seen = self._network(picture, self._layers)
        return {PIXELS: picture[0], **{layer: activations[0] for layer, activations in seen.items()}}
