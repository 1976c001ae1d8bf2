"""How far a painting is from a manner, and from its photograph, by what a feature network sees.

All are shares: of the manner's own statistics, and of the photograph's own activations. So networks and layers weigh
alike, and numbers of two layers may be added up.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

Manner = Mapping[str, Tensor]  # of each layer the mean Gram matrix, C x C


def gram(activations: Tensor) -> Tensor:
    """How strongly channels N x C x H x W occur together: N x C x C, float32 (Gatys et al., 2016)."""
    flat = activations.float().flatten(2)
    return torch.bmm(flat, flat.transpose(1, 2)) / flat.shape[2]


def style_loss(seen: Mapping[str, Tensor], manner: Manner) -> Tensor:
    """How far the Gram matrices of each of N pictures are from a manner's, over its layers: N shares, squared."""
    apart = [
        (gram(seen[layer]) - wanted).square().sum((1, 2)) / wanted.square().sum() for layer, wanted in manner.items()
    ]
    return torch.stack(apart).mean(0)


def content_loss(seen: Mapping[str, Tensor], given: Mapping[str, Tensor], layers: Sequence[str]) -> Tensor:
    """How far N pictures are from what they should show, over some layers: N shares, squared.

    Activations are compared without each channel's mean and strength, which are the manner's affair.
    """
    apart = [(_even(seen[layer]) - _even(given[layer])).square().mean((1, 2, 3)) for layer in layers]
    return torch.stack(apart).mean(0) / 2.0  # of two pictures that have nothing in common: one


def roughness(pictures: Tensor) -> Tensor:
    """The mean absolute step between neighbouring pixels of pictures N x 3 x H x W, a number (total variation)."""
    return pictures.diff(dim=2).abs().mean() + pictures.diff(dim=3).abs().mean()


def _even(activations: Tensor) -> Tensor:
    return torch.nn.functional.instance_norm(activations.float())
