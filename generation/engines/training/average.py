"""The moving average of a network's weights, which makes better pictures than the weights of any one moment.

Yazici et al., "The Unusual Effectiveness of Averaging in GAN Training" (2019); half-life in pictures as in StyleGAN2.
"""

from copy import deepcopy

import torch
from torch import nn


class MovingAverage:
    """A copy of a network that follows it slowly."""

    def __init__(self, network: nn.Module, half_life: float) -> None:
        """Begin where the network is. `half_life`: after how many pictures half of it is new; 0: always all of it."""
        self.half_life = half_life
        self.network = deepcopy(network).requires_grad_(False).eval()

    @torch.no_grad()
    def follow(self, network: nn.Module, pictures: int, images: int) -> None:
        """Take a step that showed `pictures`, when `images` were shown in all.

        Early on the half-life is a twentieth of what was shown, so that the first weights are soon forgotten.
        """
        half_life = min(self.half_life, images / 20)
        share = 0.5 ** (pictures / half_life) if half_life > 0 else 0.0
        for mean, now in zip(self.network.parameters(), network.parameters(), strict=True):
            mean.lerp_(now.to(mean.dtype), 1.0 - share)
        for held, new in zip(self.network.buffers(), network.buffers(), strict=True):
            held.copy_(new)
