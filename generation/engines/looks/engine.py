"""The engine that looks: it makes nothing, and says what it found."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import torch
from PIL import Image

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import bytes_of
from generation.engines.looks import memory
from generation.engines.looks.colours import colour_families, colour_vector
from generation.engines.looks.declarations import NETWORK, PICTURE, VERSION, LookParameters
from generation.engines.looks.learnt import Learnt
from generation.engines.looks.style import StyleEye
from generation.engines.training.features import FeatureNetwork


class Looking(Engine[LookParameters]):
    """Holds the network, and looks at one picture after the other."""

    def __init__(self, eye: StyleEye) -> None:
        """Take what knows styles; colours need no network."""
        self.eye = eye
        self.size = bytes_of(eye.network)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Open the network; raises WeightsMissing."""
        return cls(StyleEye.load(device))

    def run(self, request: Request[LookParameters], context: Context) -> list[Artifact]:
        """Look at the picture; raises Cancelled, WeightsMissing."""
        [picture] = request.images(PICTURE)
        context.check_cancelled()
        resolution = request.parameters.resolution
        compared = {"features": [self.features(picture, resolution)]} if resolution else {}
        return [Artifact(image=picture, findings={**self.look(picture), **compared})]

    def look(self, picture: Image.Image) -> dict[str, Any]:
        """`style` (128 floats) and `colour` (64), each of length one, `colours` (names), `network` and `version`."""
        return {
            "style": [round(number, 5) for number in self.eye.look(picture).tolist()],
            "colour": [round(number, 5) for number in colour_vector(picture).tolist()],
            "colours": list(colour_families(picture)),
            "network": NETWORK,
            "version": VERSION,
        }

    def features(self, picture: Image.Image, resolution: int) -> list[float]:
        """What is compared with the pictures that a model learnt from: 1024 floats. Raises WeightsMissing."""
        return [round(number, 4) for number in memory.features(self.judge, picture, resolution).tolist()]

    def remember(self, shards: Sequence[Path], resolution: int) -> Learnt:
        """Look at what a model learnt from. Raises WeightsMissing, InvalidInputs."""
        return memory.remember(self.judge, shards, resolution)

    @cached_property
    def judge(self) -> FeatureNetwork:
        """The network by which works are compared with what was learnt; loaded at the first of them."""
        return FeatureNetwork.load(self.eye.device)
