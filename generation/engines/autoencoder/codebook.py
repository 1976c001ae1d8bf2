"""The codebooks of a VQ-VAE: features become the nearest of a few hundred codes, and what is left over others again.

van den Oord, Vinyals, Kavukcuoglu, "Neural Discrete Representation Learning" (2017); codes follow the mean of what they
stand for (appendix A.1), and a code that stands for nothing begins anew where there is something. Several levels as in
Lee et al., "Autoregressive Image Generation using Residual Quantization" (2022).
"""

from collections.abc import Callable

import torch
import torch.distributed as dist
from torch import Tensor, nn

from generation.engines.training import parallel

_FORGET = 0.99  # a step
_UNUSED = 0.03  # features a step: a code that stands for fewer begins anew
_STRAY = 0.3  # how far chance strays at full strength, by the distance to the nearest code


class Codebook(nn.Module):
    """K codes of D numbers; they are no parameters, since no gradient moves them."""

    codes: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        self.register_buffer("codes", torch.randn(count, width))
        self.register_buffer("counts", torch.zeros(count))
        self.register_buffer("sums", torch.zeros(count, width))

    def distances(self, features: Tensor) -> Tensor:
        """Squared distances of features M x D to all codes, M x K."""
        with torch.autocast(features.device.type, enabled=False):  # neighbours differ by less than bfloat16 can say
            squares = features.square().sum(1, keepdim=True) + self.codes.square().sum(1)
            return (squares - 2.0 * features @ self.codes.T).clamp(min=0.0)

    def nearest(self, features: Tensor) -> Tensor:
        """The number of the nearest code to each of the features M x D."""
        return self.distances(features).argmin(1)

    def near(self, features: Tensor, strength: float, generator: torch.Generator) -> Tensor:
        """The number of a code near each of the features; how far it may lie grows with `strength`."""
        apart = self.distances(features)
        noise = -torch.empty(apart.shape).exponential_(generator=generator).log().to(apart.device)
        scale = strength * _STRAY * apart.amin(1, keepdim=True)
        return (noise * scale - apart).argmax(1)

    @torch.no_grad()
    def follow(self, features: Tensor, numbers: Tensor, generator: torch.Generator) -> None:
        """Move codes towards the mean of the features M x D that they stand for, and the unused to some of these."""
        used = torch.zeros_like(self.counts).index_add_(0, numbers, torch.ones_like(features[:, 0]))
        sums = torch.zeros_like(self.sums).index_add_(0, numbers, features)
        chosen = torch.randint(len(features), (len(self.codes),), generator=generator).to(features.device)
        fresh = features[chosen].clone()
        if parallel.world() > 1:  # every process keeps the same codes
            dist.all_reduce(used)
            dist.all_reduce(sums)
            dist.broadcast(fresh, 0)
        self.counts.mul_(_FORGET).add_(used, alpha=1.0 - _FORGET)
        self.sums.mul_(_FORGET).add_(sums, alpha=1.0 - _FORGET)
        unused = self.counts < _UNUSED
        self.sums[unused] = fresh[unused]
        self.counts[unused] = 1.0
        self.codes.copy_(self.sums / self.counts[:, None])


class Codebooks(nn.Module):
    """As many codebooks as there are levels: each stands for what those before it left over."""

    def __init__(self, levels: int, count: int, width: int) -> None:
        super().__init__()
        self.levels = nn.ModuleList(Codebook(count, width) for _ in range(levels))

    def sum_of(self, numbers: Tensor) -> Tensor:
        """The features M x D that numbers M x levels stand for."""
        return torch.stack([book.codes[numbers[:, level]] for level, book in enumerate(self._books())]).sum(0)

    @torch.no_grad()
    def nearest(self, features: Tensor) -> Tensor:
        """Numbers M x levels, level by level the nearest."""
        return self._descend(features, lambda book, rest: book.nearest(rest))

    @torch.no_grad()
    def near(self, features: Tensor, strength: float, generator: torch.Generator) -> Tensor:
        """Numbers M x levels, level by level near what is left over; the farther, the greater `strength`."""
        return self._descend(features, lambda book, rest: book.near(rest, strength, generator))

    def through(self, features: Tensor, numbers: Tensor) -> Tensor:
        """The codes M x D of those numbers; gradients pass as if they were the features themselves."""
        return features + (self.sum_of(numbers) - features).detach()

    @torch.no_grad()
    def follow(self, features: Tensor, numbers: Tensor, generator: torch.Generator) -> None:
        """Move the codes of every level."""
        rest = features
        for level, book in enumerate(self._books()):
            left = rest - book.codes[numbers[:, level]]
            book.follow(rest, numbers[:, level], generator)
            rest = left

    def _descend(self, features: Tensor, choose: Callable[[Codebook, Tensor], Tensor]) -> Tensor:
        chosen = []
        for book in self._books():
            chosen.append(choose(book, features))
            features = features - book.codes[chosen[-1]]
        return torch.stack(chosen, 1)

    def _books(self) -> list[Codebook]:
        return [book for book in self.levels if isinstance(book, Codebook)]
