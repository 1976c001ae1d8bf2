"""Looking for a picture in a trained GAN: the style whose picture comes nearest."""

import math
from pathlib import Path
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import bytes_of, in_one_order
from generation.engines.gan.model import Painter
from generation.engines.gan.parameters import ProjectParameters
from generation.engines.gan.sampling import enlarged
from generation.engines.pictures import centre_square, to_tensor

_STARTS = 64  # drawn at first, of which the nearest is taken
_RATE = 0.05
_SCALES = 4  # at which pictures are compared, each half as large


class Projector(Engine[ProjectParameters]):
    """Descends from the nearest of many samples, by how far the pictures differ at several sizes.

    After Karras et al., "Analyzing and Improving the Image Quality of StyleGAN" (2020), appendix D.
    """

    def __init__(self, painter: Painter, model_hash: str) -> None:
        self.painter, self.model_hash = painter, model_hash
        self.size = bytes_of(painter.network)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read the model; raises WeightsMissing, ModelUnusable."""
        return cls(Painter.load(device, weights), weights.stem if weights else "")

    def run(self, request: Request[ProjectParameters], context: Context) -> list[Artifact]:
        """Find the picture's nearest relative in the model."""
        chosen, painter = request.parameters, self.painter
        (picture,) = request.images("picture")
        # Nobody says of what class the picture is: all have their share of the starts.
        kinds = [number % max(1, len(painter.classes)) for number in range(_STARTS)]
        starts = torch.cat([painter.draw(context.generator, kind, 1.0, ()) for kind in kinds])
        wanted = to_tensor(centre_square(picture, painter.side), painter.device) * 2.0 - 1.0
        apart = []
        for some in torch.split(starts, painter.at_once):
            apart.append(distance(painter.paint(some), wanted))
            context.check_cancelled()
        nearest = int(torch.cat(apart).argmin())
        style = self._descend(starts[nearest][None], wanted, chosen, context, painter.mean_style(kinds[nearest]))
        return [Artifact(image=enlarged(painter.paint(style)[0], chosen.size))]

    def _descend(
        self, start: Tensor, wanted: Tensor, chosen: ProjectParameters, context: Context, mean: Tensor
    ) -> Tensor:
        anchor = (1.0 - chosen.freedom) * 0.01
        with in_one_order(), torch.inference_mode(False), torch.enable_grad():
            wanted, mean = wanted.clone(), mean.clone()
            style = start.clone().requires_grad_(True)
            descent = torch.optim.Adam([style], _RATE)
            for step in range(chosen.steps):
                descent.param_groups[0]["lr"] = _RATE * 0.5 * (1.0 + math.cos(math.pi * step / chosen.steps))
                painted = self.painter.paint(style)
                loss = distance(painted, wanted).sum() + anchor * (style - mean).square().mean()
                descent.zero_grad()
                torch.autograd.backward(loss)
                descent.step()
                if step % 10 == 0:
                    preview = enlarged(painted[0].detach(), min(chosen.size, 256))
                    context.progress(step / chosen.steps, preview, "Looking")
        return style.detach()


def distance(painted: Tensor, wanted: Tensor) -> Tensor:
    """How far each picture N x 3 x R x R is from the wanted one, over several sizes: N numbers."""
    apart = torch.zeros(len(painted), device=painted.device)
    for _ in range(_SCALES):
        apart = apart + (painted - wanted).abs().mean((1, 2, 3))
        painted, wanted = functional.avg_pool2d(painted, 2), functional.avg_pool2d(wanted, 2)
    return apart
