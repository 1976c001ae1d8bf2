"""The variational autoencoder: Kingma, Welling, "Auto-Encoding Variational Bayes" (2013)."""

import torch
from torch import Tensor

from generation.engines.autoencoder.autoencoder import VectorAutoencoder

_LEAST, _MOST = -12.0, 6.0  # of log variances, beyond which nothing but overflow is left


class Variational(VectorAutoencoder):
    """Each picture becomes a cloud of latents; the clouds together fill the prior."""

    outputs = 2

    def spread(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of each picture's cloud, N x latent."""
        mean, log_variance = self.numbers(pictures).chunk(2, dim=1)
        return mean, log_variance.clamp(_LEAST, _MOST)

    def encode(self, pictures: Tensor) -> Tensor:
        return self.spread(pictures)[0]

    def lie(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.spread(pictures)
        return mean, log_variance.exp()

    def posterior(self, pictures: Tensor, strength: float, generator: torch.Generator) -> Tensor:
        mean, log_variance = self.spread(pictures)
        noise = torch.randn(mean.shape, generator=generator).to(mean.device)
        return mean + strength * torch.exp(log_variance / 2) * noise
