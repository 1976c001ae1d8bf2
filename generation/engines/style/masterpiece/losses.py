"""How far a picture is from what is wanted, by a network's activations; every loss is relative, about one at the start.

Style by the Gram matrix: Gatys, Ecker, Bethge, "Image Style Transfer Using Convolutional Neural Networks", 2016.
Style by sliced optimal transport: Heitz, Vanhoey, Chambon, Belcour, "A Sliced Wasserstein Loss for Neural Texture
Synthesis", 2021, https://arxiv.org/abs/2006.07229. Content by self-similarity: Kolkin, Salavon, Shakhnarovich, "Style
Transfer by Relaxed Optimal Transport and Self-Similarity", 2019, https://arxiv.org/abs/1904.12785.
"""

import torch
from torch.nn import functional

_LEAST = 1e-8


def gram(maps: torch.Tensor, cover: torch.Tensor | None = None) -> torch.Tensor:
    """What goes with what: (c, h, w) to (c, c), the mean over all places, or over what `cover` (h, w) covers."""
    flat = maps.flatten(1)  # (c, hw)
    if cover is None:
        return flat @ flat.T / flat.shape[1]
    weights = cover.reshape(1, -1)
    return (flat * weights) @ flat.T / weights.sum().clamp(min=_LEAST)


def relative_error(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The squared distance beside the square of what is wanted."""
    return (found - wanted).square().sum() / wanted.square().sum().clamp(min=_LEAST)


def quantiles(values: torch.Tensor, number: int) -> torch.Tensor:
    """How values (places, k) are spread along each of k: `number` evenly spaced quantiles (number, k), sorted."""
    ordered = values.sort(dim=0).values
    if len(ordered) == number:
        return ordered
    at = (torch.arange(number, device=values.device) + 0.5) / max(1, number) * len(ordered) - 0.5
    at = at.clamp(0, len(ordered) - 1)
    below = at.floor().long().clamp(max=max(0, len(ordered) - 2))
    above = (below + 1).clamp(max=len(ordered) - 1)
    return torch.lerp(ordered[below], ordered[above], (at - below)[:, None].to(ordered))


def sliced_distance(values: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The squared Wasserstein distance along each direction beside the variance of what is wanted, the mean of all.

    `values` (places, k) in any order, `wanted` (places, k) sorted.
    """
    apart = (values.sort(dim=0).values - wanted).square().mean(0)
    return (apart / wanted.var(0, correction=0).clamp(min=_LEAST)).mean()


def self_similarity(activations: torch.Tensor) -> torch.Tensor:
    """How unlike each other the places (places, c) are, by cosine, as shares of each one's sum: (places, places)."""
    normed = functional.normalize(activations, dim=1)
    apart = 1 - normed @ normed.T
    return apart / apart.sum(0, keepdim=True).clamp(min=_LEAST)


def similarity_error(activations: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How far the self-similarity of places (places, c) is from the one that is wanted (places, places)."""
    return (self_similarity(activations) - wanted).abs().sum(0).mean()


def outside(picture: torch.Tensor) -> torch.Tensor:
    """How far a picture is beyond what a screen can show, 0..1."""
    return (picture - picture.clamp(0, 1)).square().mean()
