"""The VQ-VAE: a picture becomes a small grid of codes, and a prior has learnt which codes go together."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from generation.engines.autoencoder.autoencoder import Autoencoder
from generation.engines.autoencoder.codebook import Codebooks
from generation.engines.autoencoder.networks import Decoder, Encoder
from generation.engines.autoencoder.prior import CodePrior

_CODE_WIDTH = 32  # few numbers a code: nearly all of them are used then (Yu et al., "Improved VQGAN", 2022)


class VectorQuantised(Autoencoder):
    """Latents are N x 32 x grid x grid: features, or the codes that stand for them."""

    def __init__(
        self, *, resolution: int, width: int, grid: int, codes: int, levels: int, prior_width: int, prior_layers: int
    ) -> None:
        super().__init__()
        self.grid = grid
        self.encoder = Encoder(resolution=resolution, width=width, grid=grid)
        self.decoder = Decoder(resolution=resolution, width=width, grid=grid)
        self.narrow = nn.Conv2d(self.encoder.wide, _CODE_WIDTH, 1)
        self.widen = nn.Conv2d(_CODE_WIDTH, self.decoder.wide, 3, padding=1)
        self.codebooks = Codebooks(levels, codes, _CODE_WIDTH)
        self.prior = CodePrior(codes=codes, levels=levels, length=grid * grid, width=prior_width, layers=prior_layers)

    def encode(self, pictures: Tensor) -> Tensor:
        # All features equally long: codes need not follow them as they grow.
        return functional.normalize(self.narrow(self.encoder(pictures)).float()) * math.sqrt(_CODE_WIDTH)

    def posterior(self, pictures: Tensor, strength: float, generator: torch.Generator) -> Tensor:
        return self.grid_of(self.codebooks.near(flat(self.encode(pictures)), strength, generator))

    def draw(self, count: int, temperature: float, generator: torch.Generator) -> Tensor:
        return self.grid_of(self.prior.draw(count, temperature, generator))

    def between(self, one: Tensor, other: Tensor, share: float) -> Tensor:
        return torch.lerp(one, other, share)

    def settled(self, latents: Tensor) -> Tensor:
        return self.grid_of(self.codebooks.nearest(flat(latents)))

    def decode(self, latents: Tensor) -> Tensor:
        painted: Tensor = self.decoder(self.widen(latents.contiguous(memory_format=torch.channels_last)))
        return painted

    def grid_of(self, numbers: Tensor) -> Tensor:
        """The latents that numbers of codes stand for: picture by picture and row by row, ... x levels."""
        codes = self.codebooks.sum_of(numbers.flatten(0, -2))
        return codes.view(-1, self.grid, self.grid, _CODE_WIDTH).permute(0, 3, 1, 2)


def flat(latents: Tensor) -> Tensor:
    """Latents N x D x grid x grid as features M x D, picture by picture, row by row."""
    return latents.permute(0, 2, 3, 1).flatten(0, 2)
