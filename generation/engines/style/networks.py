"""Magenta's two networks, read from one file and ready on a device: every quality of style transfer has them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import torch
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file

from generation.engines.device import bytes_of, convolution_dtype
from generation.engines.errors import WeightsMissing
from generation.engines.pictures import centre_square, to_tensor
from generation.engines.style.features.choosing import choose, load_features
from generation.engines.style.features.network import FeatureNetwork
from generation.engines.style.predictor import PREDICTOR_SIDE, StylePredictor
from generation.engines.style.transformer import StyleTransformer
from generation.engines.style.weights import Weights


class StyleNetworks:
    """The predictor, which describes manners, and the transformer, which paints in them.

    Feature networks, which judge masterpieces, join them when they are first asked for.
    """

    def __init__(
        self, predictor: StylePredictor, transformer: StyleTransformer, device: torch.device, folder: Path | None = None
    ) -> None:
        """Take networks that are on `device`, and the folder where further weights may lie."""
        self.predictor = predictor
        self.transformer = transformer
        self.device = device
        self._folder = folder
        self._features: dict[str, FeatureNetwork] = {}

    @property
    def size(self) -> int:
        """Bytes that all of them take on the device."""
        return sum(map(bytes_of, (self.predictor, self.transformer, *self._features.values())))

    @classmethod
    def load(cls, device: torch.device, weights: Path | None) -> Self:
        """Read the numbers and fold them for `device`; raises WeightsMissing."""
        if weights is None:
            raise WeightsMissing("Style transfer needs its weights.")
        try:
            numbers = load_file(weights)
        except (SafetensorError, OSError) as error:
            raise WeightsMissing(f"The style networks cannot be read: {error}") from error
        predictor = StylePredictor()
        predictor.load_state_dict(_part(numbers, "predictor"))
        # the predictor stays in full precision: what it gets wrong, the whole picture shows
        predictor = predictor.eval().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        transformer = StyleTransformer(_part(numbers, "transformer"), convolution_dtype(device)).eval().to(device)
        return cls(predictor, transformer, device, weights.parent)

    def describe(self, pictures: Sequence[Image.Image]) -> torch.Tensor:
        """Turn pictures into style vectors, one a row: (n, 100)."""
        # one at a time, so that a picture is described the same whatever stands beside it
        squares = (to_tensor(centre_square(picture, PREDICTOR_SIDE), self.device) for picture in pictures)
        return torch.cat([self.predictor(square) for square in squares])

    def features(self, name: str) -> FeatureNetwork:
        """The feature network of that name, or the best there is; raises WeightsMissing."""
        name = choose(name, self._folder)
        if name not in self._features:
            self._features[name] = load_features(name, self.device, self._folder)
        return self._features[name]


def _part(weights: Weights, name: str) -> Weights:
    return {key.removeprefix(f"{name}."): tensor for key, tensor in weights.items() if key.startswith(f"{name}.")}
