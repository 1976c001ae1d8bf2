"""Whether a model repeats what it learnt from: how its works and its pictures look to a network, and what is too near.

Distances are between features of the network by which trainings are measured (`engines/training/features.py`), of
squares at the side that the model learnt at: a copy of a picture is blurred like the picture then. What is usual is
known from the pictures themselves: each one's distance to the nearest *other* one is what a new picture would have.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from generation.engines.looks.declarations import MEMORY_WIDTH
from generation.engines.looks.learnt import Learnt
from generation.engines.pictures import centre_square
from generation.engines.training.features import WIDTH, FeatureNetwork, features_of
from generation.engines.training.pictures import squares_of

# A picture that lies nearer to another than these may be a copy of it: a twentieth of a dataset lies as near to one
# another by chance at most, and where many do (series of one motif) half of the usual distance has to be missing too.
RAREST, NEAREST = 0.05, 0.5
_AT_ONCE = 64


def remember(network: FeatureNetwork, shards: Sequence[Path], resolution: int) -> Learnt:
    """Look at every picture of a dataset at one resolution. Raises InvalidInputs where a shard cannot be read."""
    names: list[str] = []
    found: list[Tensor] = []
    pending: list[Tensor] = []
    for name, square in squares_of(shards, resolution):
        names.append(name)
        pending.append(torch.from_numpy(square))
        if len(pending) == _AT_ONCE:
            found.append(features_of(network, torch.stack(pending)))
            pending.clear()
    if pending:
        found.append(features_of(network, torch.stack(pending)))
    features = torch.cat(found) if found else torch.empty(0, WIDTH)
    typical, threshold = gauge(features)
    return Learnt(tuple(names), features.half().numpy(), typical, threshold)


def features(network: FeatureNetwork, image: Image.Image, resolution: int) -> Tensor:
    """A work as the network sees it at the side that its model learnt at: (1024,) float32."""
    square = centre_square(image.convert("RGB"), resolution)
    pixels = torch.frombuffer(bytearray(square.tobytes()), dtype=torch.uint8).view(resolution, resolution, 3)
    return features_of(network, pixels.permute(2, 0, 1)[None])[0]


def gauge(seen: Tensor) -> tuple[float, float]:
    """The usual distance between a picture and the nearest other one, and the distance below which one is a copy.

    From features (n, 1024). Copies within the dataset say nothing about chance: they are left out. Nought and nought
    where there are not two different pictures.
    """
    if len(seen) < 2:
        return 0.0, 0.0
    apart = torch.cat([_to_others(seen, start) for start in range(0, len(seen), _AT_ONCE)])
    typical = float(apart[apart > 0].median()) if bool((apart > 0).any()) else 0.0
    different = apart[apart > NEAREST * NEAREST * typical]
    rarest = float(different.quantile(RAREST)) if len(different) else 0.0
    return typical, min(rarest, NEAREST * typical)


def _to_others(seen: Tensor, start: int) -> Tensor:
    """Each of some pictures' distance to the nearest other one."""
    some = torch.cdist(seen[start : start + _AT_ONCE], seen)
    some[torch.arange(len(some)), torch.arange(start, start + len(some))] = torch.inf
    return some.amin(1)


assert WIDTH == MEMORY_WIDTH
