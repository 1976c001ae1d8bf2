"""A trained autoencoder, read from its file, and the engine that every engine here is: one that runs such a model."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import torch
from PIL import Image
from torch import Tensor

from generation.engines.autoencoder.adversarial import Adversarial
from generation.engines.autoencoder.autoencoder import Autoencoder, VectorAutoencoder
from generation.engines.autoencoder.declarations import KIND
from generation.engines.autoencoder.mixture import Mixture
from generation.engines.autoencoder.parameters import AutoencoderTrainingParameters
from generation.engines.autoencoder.vae import Variational
from generation.engines.autoencoder.vq_vae import VectorQuantised
from generation.engines.base import Engine, Parameters
from generation.engines.device import bytes_of
from generation.engines.errors import ModelUnusable, WeightsMissing
from generation.engines.pictures import centre_square, to_image, to_tensor
from generation.engines.training import checkpoint

ParametersT = TypeVar("ParametersT", bound=Parameters)
_MIXTURE = "mixture."
_NETWORKS: dict[str, type[Autoencoder]] = {
    "vae": Variational,
    "vq-vae": VectorQuantised,
    "adversarial": Adversarial,
}


class ModelEngine(Engine[ParametersT]):
    """Holds one trained autoencoder."""

    def __init__(self, network: Autoencoder, resolution: int, device: torch.device, model_hash: str) -> None:
        self.network, self.resolution, self.device, self.model_hash = network, resolution, device, model_hash
        self.size = bytes_of(network)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read the model's file. Raises WeightsMissing, ModelUnusable."""
        if weights is None:
            raise WeightsMissing("A model has to be named: this engine has none of its own.")
        snapshot = checkpoint.read(weights)
        if snapshot.notes.get("kind") != KIND:
            raise ModelUnusable(f"This model is no {KIND}.")
        try:
            network = _network(snapshot.notes, snapshot.tensors)
            resolution = int(snapshot.notes["resolution"])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise ModelUnusable("The model's file does not say what is needed to run it.") from error
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
        return cls(network.to(device).requires_grad_(False).eval(), resolution, device, digest)

    def seen(self, images: Sequence[Image.Image]) -> Tensor:
        """Pictures as the model is used to them: their middle squares, N x 3 x R x R in -1..1."""
        squares = [to_tensor(centre_square(image.convert("RGB"), self.resolution), self.device) for image in images]
        return torch.cat(squares) * 2.0 - 1.0

    def shown(self, latents: Tensor, size: int) -> list[Image.Image]:
        """What latents stand for, as pictures of the size that was asked for."""
        images = [to_image((picture[None] + 1.0) / 2.0) for picture in self.network.decode(latents)]
        return [image.resize((size, size), Image.Resampling.LANCZOS) if size != image.width else image
                for image in images]  # fmt: skip


def _network(notes: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Autoencoder:
    # No size beyond what could have been trained; and built without memory: the file's own tensors take their places.
    AutoencoderTrainingParameters.model_validate({"resolution": notes["resolution"], **notes["shape"]})
    with torch.device("meta"):
        network = _NETWORKS[notes["method"]](**notes["shape"])
    if isinstance(network, VectorAutoencoder) and not any(name.startswith(_MIXTURE) for name in tensors):
        unfitted = Mixture(network.latent).named_buffers()  # a file from before it was fitted
        tensors = {**tensors, **{f"{_MIXTURE}{name}": buffer for name, buffer in unfitted}}
    checkpoint.furnish(network, tensors)
    return network
