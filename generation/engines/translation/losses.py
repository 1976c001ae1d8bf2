"""What keeps a painted photograph the photograph: which of its places are alike, and which of them are dark.

Both leave free how a place is painted. Shapes by self-similarity, after Zheng, Cham, Cai, "The Spatially-Correlative
Loss for Various Image Translation Tasks" (2021).
"""

import torch
from torch import Tensor
from torch.nn import functional

_ACROSS = 16  # places, along a side, that are compared with one another
_TONES = 32  # along a side, that are as light or dark beside one another as in the photograph


def shape_error(painted: Tensor, given: Tensor) -> Tensor:
    """How differently alike the places of activations N x C x H x W are in paintings and in their photographs: N."""
    return (_likeness(painted) - _likeness(given)).square().mean((1, 2))


def tone_error(painted: Tensor, given: Tensor) -> Tensor:
    """One less the correlation of light and dark in paintings and photographs N x 3 x H x W, both a little blurred: N.

    A work may be all of lines: where these are darker, or closer, the photograph is darker.
    """
    return (_tones(painted) - _tones(given)).square().mean((1, 2, 3)) / 2.0


def _likeness(maps: Tensor) -> Tensor:
    """The cosine of each place's activations, without their mean, with each other's: N x P x P."""
    smaller = functional.avg_pool2d(maps, max(1, max(maps.shape[2:]) // _ACROSS))
    places = smaller.flatten(2).transpose(1, 2)
    normed = functional.normalize(places - places.mean(1, keepdim=True), dim=-1)
    return torch.bmm(normed, normed.transpose(1, 2))


def _tones(pictures: Tensor) -> Tensor:
    light = pictures.mean(1, keepdim=True)
    return functional.instance_norm(functional.avg_pool2d(light, max(1, max(pictures.shape[2:]) // _TONES)))
