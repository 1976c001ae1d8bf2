"""What painter and judge minimise, from the judgements of real pictures and of painted ones (N each, unbounded)."""

import torch
from torch import Tensor
from torch.nn.functional import softplus

from generation.engines.gan.parameters import LossName


def judge_loss(real: Tensor, painted: Tensor, loss: LossName) -> Tensor:
    """The judge's: Goodfellow et al. (2014), or of relativistic pairs (Jolicoeur-Martineau, 2018; R3GAN, 2024)."""
    if loss == "relativistic":
        return softplus(painted - real).mean()
    return softplus(-real).mean() + softplus(painted).mean()


def painter_loss(real: Tensor, painted: Tensor, loss: LossName) -> Tensor:
    """The painter's; the article's minimax loss hardly moves it while the judge is sure, the non-saturating one does.

    Only relativistic pairs look at `real`.
    """
    if loss == "relativistic":
        return softplus(real - painted).mean()
    return softplus(-painted).mean() if loss == "non-saturating" else -softplus(painted).mean()


def gradient_penalty(judged: Tensor, pictures: Tensor) -> Tensor:
    """The mean squared length of the judgements' gradients by the pictures (R1 on real, R2 on painted ones).

    Mescheder, Geiger, Nowozin, "Which Training Methods for GANs do actually Converge?" (2018).
    """
    (gradient,) = torch.autograd.grad(judged.sum(), pictures, create_graph=True)
    return gradient.float().square().sum((1, 2, 3)).mean()
