"""A plain implementation of Gatys et al. 2016, as it is found in tutorials: Adam on the pixels at their full size.

It starts from the photograph. The losses are the paper's, its factors for each layer chosen so that all layers count
alike: the squared error of the Gram matrix beside the square of the style's own, the mean over the layers; and the
squared error of the content layer's activations beside the square of the photograph's own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from generation.engines.style.features.network import FeatureNetwork

LEARNING_RATE = 0.02
STYLE_WEIGHT, CONTENT_WEIGHT = 100.0, 1.0


@dataclass(frozen=True)
class Losses:
    """What Gatys et al. weigh against each other."""

    style: float
    content: float


class PlainGatys:
    """Two pictures (1, 3, h, w) in 0..1, and what a third has of both."""

    def __init__(self, network: FeatureNetwork, photograph: torch.Tensor, style: torch.Tensor) -> None:
        self.network, self.photograph = network, photograph
        self.layers = {*network.style_layers, *network.content_layers}
        with torch.no_grad():
            shown, painted = network(photograph, self.layers), network(style, self.layers)
        self.shown = {layer: shown[layer] for layer in network.content_layers}
        self.grams = {layer: gram(painted[layer]) for layer in network.style_layers}

    def losses(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Style and content."""
        seen = self.network(picture, self.layers)
        style = [beside(gram(seen[layer]), wanted) for layer, wanted in self.grams.items()]
        content = [beside(seen[layer], wanted) for layer, wanted in self.shown.items()]
        return torch.stack(style).mean(), torch.stack(content).mean()

    def judge(self, picture: torch.Tensor) -> Losses:
        """Both losses of a picture as it is kept, in eight bits."""
        with torch.no_grad():
            style, content = self.losses((picture.clamp(0, 1) * 255).round() / 255)
        return Losses(float(style), float(content))

    def paint(self, has_time: Callable[[], bool]) -> torch.Tensor:
        """Adam, as long as there is time."""
        picture = self.photograph.clone().requires_grad_()
        optimiser = torch.optim.Adam([picture], lr=LEARNING_RATE)
        while has_time():
            optimiser.zero_grad()
            style, content = self.losses(picture)
            (STYLE_WEIGHT * style + CONTENT_WEIGHT * content).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            with torch.no_grad():
                picture.clamp_(0, 1)
        return picture.detach()


def gram(activations: torch.Tensor) -> torch.Tensor:
    """What goes with what: (1, c, h, w) to (c, c)."""
    flat = activations[0].flatten(1)
    return flat @ flat.T / flat.shape[1]


def beside(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The squared error as a share of what is wanted."""
    return (found - wanted).square().sum() / wanted.square().sum()
