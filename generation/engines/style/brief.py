"""What is asked of style transfer, taken apart: the photograph, the styles as vectors, and where each counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from PIL import Image

from generation.engines.base import Request
from generation.engines.errors import InvalidInputs
from generation.engines.style.colours import grey, prepare_style
from generation.engines.style.declarations import ARBITRARY_STYLE, ArbitraryStyleParameters
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.places import check_masks

_MOST_ELONGATED = 16  # beyond this the shorter side of the preview has too few pixels to go by


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A request whose pictures were looked at."""

    chosen: ArbitraryStyleParameters
    photograph: Image.Image
    styles: Sequence[Image.Image]
    masks: Sequence[Image.Image]  # none, or one a style

    @property
    def weights(self) -> list[float]:
        """How much each style counts."""
        return list(self.chosen.weights) or [1.0] * len(self.styles)

    def as_seen(self, photograph: Image.Image) -> Image.Image:
        """The photograph, or a part of it, as the transformer is to see it."""
        return grey(photograph) if self.chosen.luminance_only else photograph

    def manner(self, networks: StyleNetworks) -> torch.Tensor:
        """Mix the styles' descriptions, and the photograph's own where less than all is wanted.

        One row (1, 100) where one manner is everywhere. With masks of several styles a row for each, and one for what
        none of them covers (k + 1, 100): all of them blended.
        """
        vectors = networks.describe([prepare_style(style, self.photograph, self.chosen) for style in self.styles])
        if self.chosen.strength < 1:
            own = networks.describe([self.as_seen(self.photograph)])
            vectors = torch.lerp(own.expand_as(vectors), vectors, self.chosen.strength)
        shares = torch.tensor(self.weights, dtype=vectors.dtype, device=vectors.device)
        blend = ((shares / shares.sum()) @ vectors)[None]
        return torch.cat([vectors, blend]) if self.masks and len(self.styles) > 1 else blend


def read_brief(request: Request[ArbitraryStyleParameters]) -> Brief:
    """Take the pictures out of a request and look at them; raises InvalidInputs, InvalidParameters."""
    counts = {name: len(pictures) for name, pictures in request.inputs.items()}
    ARBITRARY_STYLE.check_inputs(request.parameters, counts)
    (photograph,) = request.images("content")
    if max(photograph.size) > _MOST_ELONGATED * min(photograph.size):
        raise InvalidInputs("The photograph cannot be painted.", {"content": ["It is too long and narrow."]})
    masks = [mask.convert("L") for mask in request.images("mask")]
    check_masks(masks, photograph)
    return Brief(chosen=request.parameters, photograph=photograph, styles=request.images("style"), masks=masks)
