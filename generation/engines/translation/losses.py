"""What keeps a painted photograph the photograph: each place still tells where it came from."""

import torch
from torch import Tensor
from torch.nn import functional

_TEMPERATURE = 0.07


def patch_contrast(painted: Tensor, given: Tensor) -> Tensor:
    """How badly each painted place is told to be the given one among others of its picture; both N x P x D, unit.

    Park, Efros, Zhang, Zhu, "Contrastive Learning for Unpaired Image-to-Image Translation" (2020), PatchNCE.
    """
    likeness = torch.bmm(painted, given.detach().transpose(1, 2)) / _TEMPERATURE  # N x P x P
    right = torch.arange(likeness.shape[1], device=likeness.device).expand(len(likeness), -1)
    return functional.cross_entropy(likeness.flatten(0, 1), right.flatten())
