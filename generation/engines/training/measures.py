"""How near samples come to pictures, by features (N x D, float): lower is better, except for precision and recall."""

from dataclasses import dataclass

import torch
from torch import Tensor

_NEIGHBOURS = 3


def kid(samples: Tensor, pictures: Tensor) -> float:
    """Kernel inception distance: the unbiased squared MMD under (x·y/d + 1)³, by all pairs; may fall below nought.

    Bińkowski, Sutherland, Arbel, Gretton, "Demystifying MMD GANs" (2018). Both need two rows at least.
    """
    ours, theirs = samples.double(), pictures.double()
    within = _mean_of_pairs(_kernel(ours, ours)) + _mean_of_pairs(_kernel(theirs, theirs))
    return float(within - 2.0 * _kernel(ours, theirs).mean())


def fid(samples: Tensor, pictures: Tensor) -> float:
    """Fréchet distance of two Gaussians fitted to the features; biased upwards with few rows.

    Heusel et al., "GANs Trained by a Two Time-Scale Update Rule" (2017). Both need two rows at least.
    """
    ours, theirs = samples.double(), pictures.double()
    apart = (ours.mean(0) - theirs.mean(0)).square().sum()
    # tr((AB)^½) is the sum of the singular values of X_aᵀ-by-X_b, X being the centred rows: no matrix root is needed.
    left, right = (rows - rows.mean(0) for rows in (ours, theirs))
    left, right = left / (len(left) - 1) ** 0.5, right / (len(right) - 1) ** 0.5
    shared = torch.linalg.svdvals(left @ right.T).sum()
    return float(apart + left.square().sum() + right.square().sum() - 2.0 * shared)


@dataclass(frozen=True)
class Coverage:
    """Shares in 0..1: how many samples look real, and how much of what is real is sampled."""

    precision: float
    recall: float


def unlikeness(remade: Tensor, pictures: Tensor) -> float:
    """How far remade pictures lie from what they were made of, as a share of how far two pictures lie apart (squared).

    Nought: nothing is lost. One: any other picture would have done as well. Needs two rows at least.
    """
    lost = (remade - pictures).double().square().sum(1).mean()
    apart = torch.cdist(pictures.double(), pictures.double()).square().sum() / (len(pictures) * (len(pictures) - 1))
    return float(lost / apart) if apart > 0 else 0.0


def coverage(samples: Tensor, pictures: Tensor) -> Coverage:
    """Precision and recall by balls around each row that reach to its third neighbour.

    Kynkäänniemi et al., "Improved Precision and Recall Metric" (2019). Both need four rows at least.
    """
    apart = torch.cdist(samples, pictures)
    is_real = (apart <= _reach(pictures)[None, :]).any(1)
    is_sampled = (apart <= _reach(samples)[:, None]).any(0)
    return Coverage(float(is_real.float().mean()), float(is_sampled.float().mean()))


def nearness(samples: Tensor, learnt: Tensor, held_out: Tensor) -> float:
    """How near samples lie to what was learnt from, as a share of how near unseen pictures lie to it (medians).

    Around 1: samples are as new as new pictures are. Near 0: the model repeats its pictures.
    """
    ours, theirs = (torch.cdist(rows, learnt).amin(1).median() for rows in (samples, held_out))
    return float(ours / theirs) if theirs > 0 else 0.0


def _kernel(left: Tensor, right: Tensor) -> Tensor:
    return (left @ right.T / left.shape[1] + 1.0).pow(3)


def _mean_of_pairs(kernel: Tensor) -> Tensor:
    """The mean over pairs of different rows."""
    count = len(kernel)
    return (kernel.sum() - kernel.diagonal().sum()) / (count * (count - 1))


def _reach(rows: Tensor) -> Tensor:
    """The distance of each row to its third neighbour; it is its own nearest."""
    return torch.cdist(rows, rows).kthvalue(_NEIGHBOURS + 1, dim=1).values
