"""What autoencoders minimise: how far a remade picture is from its own, and how far latents are from their prior."""

import torch
from torch import Tensor
from torch.nn import functional

_LEVELS = 3  # of the pyramid


def picture_error(remade: Tensor, pictures: Tensor) -> Tensor:
    """Mean absolute error of pixels and of what changes between them, at several sizes: edges count, and stay sharp.

    The Laplacian pyramid as in Bojanowski et al., "Optimizing the Latent Space of Generative Networks" (2018).
    """
    apart = remade - pictures
    error = apart.abs().mean() + 4.0 * apart.square().mean()
    for _ in range(_LEVELS):
        smaller = functional.avg_pool2d(apart, 2)
        detail = apart - functional.interpolate(smaller, scale_factor=2, mode="nearest")
        error = error + detail.abs().mean()
        apart = smaller
    return error + apart.abs().mean()


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of N(mean, variance) from N(0, 1) for each number, in nats; shaped as they are."""
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance)


def beyond_free(divergences: Tensor, free: float) -> Tensor:
    """Nats a picture, of N x D: a number's mean over the batch counts as `free` at least, so less costs nought.

    Kingma et al., "Improved Variational Inference with Inverse Autoregressive Flow" (2016), appendix C.8.
    """
    return divergences.mean(0).clamp(min=free).sum()


def judge_loss(real: Tensor, painted: Tensor) -> Tensor:
    """The hinge loss of a judge whose answers are positive for what is real."""
    return torch.mean(functional.relu(1.0 - real)) + torch.mean(functional.relu(1.0 + painted))
