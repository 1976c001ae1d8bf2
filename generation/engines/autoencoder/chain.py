"""The Markov chain by which any autoencoder is sampled better than from its prior alone.

Creswell, Arulkumaran, Bharath, "Improving Sampling from Generative Autoencoders with Markov Chains" (2016): what is
decoded is encoded again, by chance, and so on. Latents move from where the prior would have them to where pictures
really lie, which is what the decoder has learnt from.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from generation.engines.autoencoder.autoencoder import Autoencoder


def chain(network: Autoencoder, latents: Tensor, steps: int, generator: torch.Generator) -> Iterator[Tensor]:
    """The latents after each of so many steps."""
    for _ in range(steps):
        pictures = network.decode(latents).clamp(-1.0, 1.0)
        latents = network.posterior(pictures, 1.0, generator)
        yield latents
