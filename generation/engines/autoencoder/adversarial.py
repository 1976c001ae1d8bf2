"""The adversarial autoencoder: Makhzani, Shlens, Jaitly, Goodfellow, Frey, "Adversarial Autoencoders" (2015).

The encoder is deterministic; chance comes from noise upon the picture, which it learns to take away (the denoising
adversarial autoencoder of Creswell and Bharath, 2017), so that its Markov chain moves.
"""

import torch
from torch import Tensor, nn

from generation.engines.autoencoder.autoencoder import VectorAutoencoder

_MOMENTUM = 0.05


class Adversarial(VectorAutoencoder):
    """Each picture becomes one latent; a judge sees to it that together they look like the prior."""

    def __init__(self, *, resolution: int, width: int, latent: int, corruption: float) -> None:
        super().__init__(resolution=resolution, width=width, latent=latent)
        self.corruption = corruption
        # Each number by itself has the prior's mean and variance; what is left to the judge is how they hang together.
        self.even = nn.BatchNorm1d(latent, affine=False, momentum=_MOMENTUM)

    def encode(self, pictures: Tensor) -> Tensor:
        latents: Tensor = self.even(self.numbers(pictures))
        return latents

    def posterior(self, pictures: Tensor, strength: float, generator: torch.Generator) -> Tensor:
        noise = torch.randn(pictures.shape, generator=generator).to(pictures.device)
        return self.encode(pictures + strength * self.corruption * noise)
