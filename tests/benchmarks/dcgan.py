"""A DCGAN as a user would write it after the article and PyTorch's tutorial: fp32, one batch after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.autograd import backward
from torch.nn.functional import binary_cross_entropy_with_logits

from generation.engines.gan.dcgan import DcganDiscriminator, DcganGenerator

LATENT, BATCH, RATE, BETAS = 100, 64, 2e-4, (0.5, 0.999)


@dataclass
class PlainDcgan:
    """Painter and judge with the article's loss, non-saturating for the painter as it advises."""

    pictures: Tensor  # uint8 N x 3 x 64 x 64
    painter: nn.Module = field(default_factory=lambda: DcganGenerator(LATENT))
    judge: nn.Module = field(default_factory=DcganDiscriminator)

    def train(self) -> Iterator[int]:
        """Take steps for as long as somebody asks; tell how many pictures each showed."""
        painter_steps = torch.optim.Adam(self.painter.parameters(), RATE, BETAS)
        judge_steps = torch.optim.Adam(self.judge.parameters(), RATE, BETAS)
        ones, noughts = torch.ones(BATCH), torch.zeros(BATCH)
        while True:
            for places in _batches(len(self.pictures)):
                real = self.pictures[places].float() / 127.5 - 1.0
                painted = self.painter(torch.randn(BATCH, LATENT))
                judge_steps.zero_grad()
                backward(binary_cross_entropy_with_logits(self.judge(real), ones))
                backward(binary_cross_entropy_with_logits(self.judge(painted.detach()), noughts))
                judge_steps.step()
                painter_steps.zero_grad()
                backward(binary_cross_entropy_with_logits(self.judge(painted), ones))
                painter_steps.step()
                yield BATCH

    @torch.no_grad()
    def sample(self, count: int, seed: int) -> Tensor:
        """Pictures in -1..1, as the article makes them: with the batch's own statistics left out."""
        self.painter.eval()
        noise = torch.randn(count, LATENT, generator=torch.Generator().manual_seed(seed))
        painted = torch.cat([self.painter(some) for some in torch.split(noise, 32)])
        self.painter.train()
        return painted


def _batches(count: int) -> Iterator[Tensor]:
    order = torch.randperm(count)
    yield from (order[start : start + BATCH] for start in range(0, count - BATCH + 1, BATCH))
