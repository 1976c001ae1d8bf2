"""The judge of a translation: it tells works from paintings by what a network that has seen many pictures sees in them.

Sauer, Chitta, Müller, Geiger, "Projected GANs Converge Faster" (2021): a judge that need not first learn to see is$
worth its answers from the first minute on. Small networks of its own look at some layers, place by place, spectrally
normalised (Miyato et al., 2018).
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from generation.engines.autoencoder.losses import judge_loss


class FeatureJudge(nn.Module):
    """From activations by layer, N x C x H x W, to answers by layer: N x 1 x h x w, positive for what is a work."""

    def __init__(self, channels: Mapping[str, int], wide: int = 64) -> None:
        super().__init__()
        self.heads = nn.ModuleDict({layer: _head(count, wide) for layer, count in channels.items()})

    def forward(self, seen: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return {layer: head(seen[layer]).float() for layer, head in self.heads.items()}


def judging_loss(works: Mapping[str, Tensor], ours: Mapping[str, Tensor]) -> Tensor:
    """The hinge loss of a judge's answers about works and about paintings, the mean over layers."""
    return torch.stack([judge_loss(works[layer], ours[layer]) for layer in works]).mean()


def praise(said: Mapping[str, Tensor]) -> Tensor:
    """How sure a judge is of each of N pictures that it is a work, over all places and layers: N."""
    return torch.stack([answers.mean((1, 2, 3)) for answers in said.values()]).mean(0)


def _head(channels: int, wide: int) -> nn.Sequential:
    return nn.Sequential(
        spectral_norm(nn.Conv2d(channels, wide, 1)), nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(wide, wide, 3, 2, 1)), nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(wide, 1, 3, 1, 1)),
    )  # fmt: skip
