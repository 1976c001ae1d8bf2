"""The feature network of the literature: VGG-19, where the operator has torchvision's weights of it.

Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015,
https://arxiv.org/abs/1409.1556. No wheel carries its weights: an operator names torchvision's file of them, or lets
torchvision fetch it.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from pickle import UnpicklingError
from typing import Self

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from generation.engines.errors import WeightsMissing
from generation.engines.style.features.network import Activations, FeatureNetwork

DOWNLOAD = "download"  # instead of a file: torchvision's own download
KEPT = "vgg19-features.safetensors"
# torchvision publishes the first eight digits of its files' SHA-256, in their names, and checks by these.
_SHA256_BEGINS = "dcbb9e9d"
_WIDTHS = ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4)  # of the convolutions between two poolings
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

Numbers = dict[str, torch.Tensor]


def _names() -> tuple[str, ...]:
    return tuple(f"relu{stage}_{at}" for stage, widths in enumerate(_WIDTHS, 1) for at in range(1, len(widths) + 1))


class VGG19(FeatureNetwork):
    """VGG-19's convolutions, each followed by its ReLU; layers are called as in the literature."""

    name = "vgg-19"
    layers = _names()
    strides = {name: 2 ** (int(name[4]) - 1) for name in layers}
    style_layers = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
    content_layers = ("relu4_2",)

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, numbers: Numbers) -> None:
        """Take torchvision's numbers ("features.0.weight" …)."""
        super().__init__()
        kernels = sorted(
            (name for name in numbers if name.startswith("features.") and name.endswith(".weight")),
            key=lambda name: int(name.split(".")[1]),
        )
        widths = [width for stage in _WIDTHS for width in stage]
        if [numbers[name].shape[0] for name in kernels] != widths:
            raise WeightsMissing("These are not the weights of VGG-19.")
        self.convolutions = nn.ModuleList()
        for name in kernels:
            kernel = numbers[name].float()
            made = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3, padding=1)
            made.load_state_dict({"weight": kernel, "bias": numbers[name.replace("weight", "bias")].float()})
            self.convolutions.append(made)
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1))
        self.register_buffer("spread", torch.tensor(_SPREAD).view(1, 3, 1, 1))
        self.freeze()

    @classmethod
    def load(cls, device: torch.device, file: Path) -> Self:
        """Read the file that `provide` keeps; raises WeightsMissing."""
        try:
            return cls(load_file(file)).to(device)
        except (OSError, SafetensorError) as error:
            raise WeightsMissing(f"{file.name} does not hold the weights of VGG-19.") from error

    def _look(self, pictures: torch.Tensor, wanted: set[str]) -> Activations:
        found: Activations = {}
        x = (pictures - self.mean) / self.spread
        for name, convolution in zip(self.layers, self.convolutions, strict=True):
            if name.endswith("_1") and name != "relu1_1":
                x = functional.avg_pool2d(x, 2)  # Gatys et al. found it smoother to go back through than the maximum
            x = functional.relu(convolution(x))
            if name in wanted:
                found[name] = x
            if len(found) == len(wanted):
                break
        return found


def provide(folder: Path, source: str) -> Path:
    """Keep VGG-19's convolutions in `folder` as safetensors, taken from `source`, once; raises WeightsMissing.

    `source` is torchvision's file vgg19-dcbb9e9d.pth, which must be what torchvision publishes, or a safetensors file
    with its names; or the word "download".
    """
    kept = folder / KEPT
    if kept.is_file():
        return kept
    numbers = _downloaded() if source == DOWNLOAD else _read(Path(source))
    convolutions = {name: numbers[name].contiguous() for name in sorted(numbers) if name.startswith("features.")}
    VGG19(convolutions)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        # whole or not at all: another process may look for the file at any moment
        written = Path(aside) / KEPT
        save_file(convolutions, written)
        os.replace(written, kept)
    return kept


def _read(file: Path) -> Numbers:
    try:
        if file.suffix == ".safetensors":
            return load_file(file)
        with file.open("rb") as stream:
            if not hashlib.file_digest(stream, "sha256").hexdigest().startswith(_SHA256_BEGINS):
                raise WeightsMissing(
                    f"{file.name} is not the file vgg19-{_SHA256_BEGINS}.pth that torchvision publishes."
                )
        numbers: Numbers = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, SafetensorError, UnpicklingError) as error:
        raise WeightsMissing(f"The weights of VGG-19 cannot be read from {file.name}: {error}") from error
    return numbers


def _downloaded() -> Numbers:
    from torchvision.models import VGG19_Weights  # slow to import, and seldom needed

    try:
        numbers: Numbers = VGG19_Weights.IMAGENET1K_V1.get_state_dict(check_hash=True)
    except (OSError, RuntimeError) as error:
        raise WeightsMissing(f"torchvision could not fetch the weights of VGG-19: {error}") from error
    return numbers
