"""A generator of DCGAN's size (Radford et al. 2016, https://arxiv.org/abs/1511.06434), for its cost alone.

Its weights are drawn by chance: what it draws is noise, and takes as long as art.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

import torch
from torch import nn

from generation.engines.base import Artifact, Context, Engine, EngineDeclaration, Parameters, Request
from generation.engines.device import bytes_of
from generation.engines.pictures import to_image

LATENT = 100


class GeneratorParameters(Parameters):
    """There is nothing to choose."""

    def batch_shape(self) -> str:
        """All are alike."""
        return "64"

    def memory_needed(self) -> int:
        """What the layers of one picture hold."""
        return 4_000_000


GENERATOR = EngineDeclaration(
    name="bench-generator",
    version="1",
    title="Generator",
    description="As large as DCGAN's.",
    medium="image",
    resource="gpu",
    parameters=GeneratorParameters,
    implementation="tests.benchmarks.batching_gan:Generator",
    most_together=64,
)


class Generator(Engine[GeneratorParameters]):
    """Four transposed convolutions from 4 to 64 pixels."""

    def __init__(self, network: nn.Module, device: torch.device) -> None:
        self.network, self.device, self.size = network, device, bytes_of(network)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Draw the weights."""
        torch.manual_seed(0)
        layers: list[nn.Module] = []
        widths = (LATENT, 512, 256, 128, 64)
        for number, (given, made) in enumerate(pairwise(widths)):
            stride, padding = (1, 0) if number == 0 else (2, 1)
            layers += [nn.ConvTranspose2d(given, made, 4, stride, padding, bias=False), nn.BatchNorm2d(made), nn.ReLU()]
        layers += [nn.ConvTranspose2d(widths[-1], 3, 4, 2, 1, bias=False), nn.Sigmoid()]
        return cls(nn.Sequential(*layers).eval().to(device), device)

    def run(self, request: Request[GeneratorParameters], context: Context) -> list[Artifact]:
        """One picture."""
        return self.run_batch([request], [context])[0]

    def run_batch(
        self, requests: Sequence[Request[GeneratorParameters]], contexts: Sequence[Context]
    ) -> list[list[Artifact]]:
        """Stack the latents (n, 100, 1, 1), each from its own generator."""
        latents = torch.cat([torch.randn(1, LATENT, 1, 1, generator=context.generator) for context in contexts])
        pictures = self.network(latents.to(self.device))  # (n, 3, 64, 64)
        return [[Artifact(image=to_image(picture[None]))] for picture in pictures]
