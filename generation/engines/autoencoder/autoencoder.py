"""What all autoencoders have in common, whatever their latents are: engines need know no more of them."""

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from generation.engines.autoencoder.mixture import Mixture
from generation.engines.autoencoder.networks import Decoder, Encoder

GRID = 4  # of the features that a single vector of numbers is made from


class Autoencoder(nn.Module, ABC):
    """From pictures N x 3 x R x R in -1..1 to latents N x ..., and back.

    All chance comes from a generator on the CPU.
    """

    @abstractmethod
    def encode(self, pictures: Tensor) -> Tensor:
        """The latents that stand for these pictures."""

    @abstractmethod
    def posterior(self, pictures: Tensor, strength: float, generator: torch.Generator) -> Tensor:
        """A draw from the latents that these pictures could have: at strength 0 those of `encode`."""

    @abstractmethod
    def draw(self, count: int, temperature: float, generator: torch.Generator) -> Tensor:
        """Latents that the prior expects; at temperature 0 the likeliest."""

    @abstractmethod
    def between(self, one: Tensor, other: Tensor, share: float) -> Tensor:
        """Latents on the way from one to another, both 1 x ...: at 0 the one, at 1 the other."""

    @abstractmethod
    def settled(self, latents: Tensor) -> Tensor:
        """The latents nearest to these that the decoder knows."""

    @abstractmethod
    def decode(self, latents: Tensor) -> Tensor:
        """The pictures that latents stand for."""


class VectorAutoencoder(Autoencoder):
    """One whose latents are N x `latent` numbers; drawn from where those of pictures lie, once that was fitted."""

    outputs = 1  # what the encoder says of each number

    def __init__(self, *, resolution: int, width: int, latent: int) -> None:
        super().__init__()
        self.latent = latent
        self.encoder = Encoder(resolution=resolution, width=width, grid=GRID)
        self.decoder = Decoder(resolution=resolution, width=width, grid=GRID)
        self.narrow = nn.Linear(self.encoder.wide * GRID * GRID, self.outputs * latent)
        self.widen = nn.Linear(latent, self.decoder.wide * GRID * GRID)
        self.mixture = Mixture(latent)

    def draw(self, count: int, temperature: float, generator: torch.Generator) -> Tensor:
        return self.mixture.draw(count, temperature, generator)

    def lie(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Where the latents of pictures lie: N x D, and the variance of each number there."""
        latents = self.encode(pictures)
        return latents, torch.zeros_like(latents)

    def between(self, one: Tensor, other: Tensor, share: float) -> Tensor:
        """Along the sphere, since most of a Gaussian lies on one; the radius changes evenly."""
        angle = torch.acos(torch.cosine_similarity(one, other).clamp(-0.9999, 0.9999))[:, None]
        turned = torch.sin((1.0 - share) * angle) * _unit(one) + torch.sin(share * angle) * _unit(other)
        length = torch.lerp(_length(one), _length(other), share)
        return torch.mul(turned, length / torch.sin(angle))

    def settled(self, latents: Tensor) -> Tensor:
        return latents

    def decode(self, latents: Tensor) -> Tensor:
        features = self.widen(latents).view(-1, self.decoder.wide, GRID, GRID)
        painted: Tensor = self.decoder(features.contiguous(memory_format=torch.channels_last))
        return painted

    def numbers(self, pictures: Tensor) -> Tensor:
        """All that the encoder says: N x (outputs * latent), float32."""
        said: Tensor = self.narrow(self.encoder(pictures).flatten(1))
        return said.float()


def _unit(latents: Tensor) -> Tensor:
    return torch.div(latents, _length(latents))


def _length(latents: Tensor) -> Tensor:
    length: Tensor = torch.linalg.vector_norm(latents, dim=1, keepdim=True)
    return length.clamp(min=1e-8)
