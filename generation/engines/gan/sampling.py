"""Pictures from a trained GAN, one a seed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import torch
from PIL import Image
from torch import Tensor

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import bytes_of
from generation.engines.gan.model import Painter
from generation.engines.gan.parameters import SampleParameters
from generation.engines.pictures import to_image


class Sampler(Engine[SampleParameters]):
    """Paints what a seed stands for."""

    def __init__(self, painter: Painter, model_hash: str) -> None:
        self.painter, self.model_hash = painter, model_hash
        self.size = bytes_of(painter.network)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read the model; raises WeightsMissing, ModelUnusable."""
        return cls(Painter.load(device, weights), weights.stem if weights else "")

    def run(self, request: Request[SampleParameters], context: Context) -> list[Artifact]:
        """Paint one picture. Raises InvalidParameters where the model lacks the class."""
        return self.run_batch([request], [context])[0]

    def run_batch(
        self, requests: Sequence[Request[SampleParameters]], contexts: Sequence[Context]
    ) -> list[list[Artifact]]:
        """Paint several at once: each from its own seed."""
        styles = [self._style(request, context) for request, context in zip(requests, contexts, strict=True)]
        for context in contexts:
            context.progress(0.5, stage="Painting")
        painted = self.painter.paint(torch.cat(styles))
        return [
            [Artifact(image=enlarged(picture, request.parameters.size))]
            for picture, request in zip(painted, requests, strict=True)
        ]

    def _style(self, request: Request[SampleParameters], context: Context) -> Tensor:
        chosen = request.parameters
        kind = self.painter.class_number(chosen.class_name, context.generator)
        return self.painter.draw(context.generator, kind, chosen.truncation, chosen.directions)


def enlarged(picture: Tensor, size: int) -> Image.Image:
    """A painted picture 3 x R x R in -1..1 at the size that was asked for."""
    image = to_image((picture[None].float() + 1.0) / 2.0)
    return image if image.width == size else image.resize((size, size), Image.Resampling.LANCZOS)
