"""Where latents really lie: a mixture of Gaussians, fitted to what pictures became, from which new ones are drawn.

Draws from N(0, 1) fall between the places that a decoder knows, however hard it is trained towards it. What is fitted
afterwards does not: Ghosh, Sajjadi, Vergari, Black, Schölkopf, "From Variational to Deterministic Autoencoders" (2020),
section 4. Each Gaussian has few directions of its own beside its numbers' deviations, as the factor analysers of
Ghahramani, Hinton, "The EM Algorithm for Mixtures of Factor Analyzers" (1996), so that few pictures are enough.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

PARTS, RANK = 16, 32
_FEWEST, _OF_A_PART = 8, 40  # latents: below there is nothing to fit; so many to a Gaussian
_ROUNDS = 25
_SHRINK = 64  # latents: a Gaussian of so many has half its covariance from what all have in common


class Mixture(nn.Module):
    """Sixteen Gaussians over D numbers; N(0, 1) until they were fitted."""

    weights: Tensor  # P, logarithms
    means: Tensor  # P x D
    factors: Tensor  # P x D x R: directions, as long as latents deviate along them
    deviations: Tensor  # P x D, of what the directions leave over

    def __init__(self, width: int) -> None:
        super().__init__()
        weights = torch.full((PARTS,), -1e9)
        weights[0] = 0.0
        self.register_buffer("weights", weights)
        self.register_buffer("means", torch.zeros(PARTS, width))
        self.register_buffer("factors", torch.zeros(PARTS, width, min(RANK, width)))
        self.register_buffer("deviations", torch.ones(PARTS, width))

    def draw(self, count: int, temperature: float, generator: torch.Generator) -> Tensor:
        """Latents N x D; at temperature 0 always the mean of the weightiest Gaussian."""
        chance = -torch.empty(count, PARTS).exponential_(generator=generator).log()
        along = torch.randn(count, self.factors.shape[2], generator=generator) * temperature
        beside = torch.randn(count, self.means.shape[1], generator=generator) * temperature
        device = self.means.device
        part = (self.weights + temperature * chance.to(device)).argmax(1)
        moved = torch.einsum("ndr,nr->nd", self.factors[part], along.to(device))
        return self.means[part] + moved + self.deviations[part] * beside.to(device)


@torch.no_grad()
def fitted(latents: Tensor, variances: Tensor) -> Mapping[str, Tensor]:
    """The buffers of a mixture for latents N x D on the CPU, and the variance that each had besides; {} for too few."""
    count, width = latents.shape
    if count < _FEWEST:
        return {}
    parts = max(1, min(PARTS, count // _OF_A_PART))
    centres, nearest = _clustered(latents, parts)
    common = _covariance(latents - centres[nearest])
    fresh = Mixture(width)
    for part in range(parts):
        own = nearest == part
        number = int(own.sum())
        share = number / (number + _SHRINK)
        covariance = share * _covariance(latents[own] - centres[part]) + (1.0 - share) * common
        covariance = covariance + torch.diag(variances[own].mean(0))
        fresh.weights[part] = torch.tensor(number / count).log()
        fresh.means[part] = centres[part]
        fresh.factors[part], fresh.deviations[part] = _factored(covariance, fresh.factors.shape[2])
    return dict(fresh.named_buffers())


def _clustered(latents: Tensor, parts: int) -> tuple[Tensor, Tensor]:
    """Centres P x D by k-means, begun far from one another, and the number of each latent's; none is left empty."""
    chance = torch.Generator().manual_seed(0)
    centres = latents[torch.randint(len(latents), (1,), generator=chance)]
    for _ in range(parts - 1):
        apart = torch.cdist(latents, centres).amin(1).square()
        centres = torch.cat([centres, latents[torch.multinomial(apart + 1e-12, 1, generator=chance)]])
    nearest = torch.cdist(latents, centres).argmin(1)
    for _ in range(_ROUNDS):
        for part in range(parts):
            own = nearest == part
            # One that lost all its latents begins anew where the others reach least.
            lost = torch.cdist(latents, centres).amin(1).argmax()
            centres[part] = latents[own].mean(0) if own.any() else latents[lost]
        nearest = torch.cdist(latents, centres).argmin(1)
    return centres, nearest


def _covariance(apart: Tensor) -> Tensor:
    return apart.T @ apart / max(1, len(apart))


def _factored(covariance: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """The strongest directions D x R of a covariance, and what deviations D they leave over."""
    values, vectors = torch.linalg.eigh(covariance)
    values, vectors = values[-rank:], vectors[:, -rank:]
    signs = vectors.gather(0, vectors.abs().argmax(0, keepdim=True)).sign()
    factors = vectors * signs * values.clamp(min=0.0).sqrt()
    rest = covariance.diagonal() - factors.square().sum(1)
    return factors, rest.clamp(min=1e-8).sqrt()
