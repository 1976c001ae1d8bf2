"""The quality “masterpiece”: from a coarse picture to a fine one, each optimised from where the last one ended.

Gatys, Ecker, Bethge: "Image Style Transfer Using Convolutional Neural Networks", 2016; coarse to fine as in the same
authors' "Controlling Perceptual Factors in Neural Style Transfer", 2017, https://arxiv.org/abs/1611.07865, section 6.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from PIL import Image
from torch.nn import functional

from generation.engines.base import Artifact, Context
from generation.engines.device import in_one_order
from generation.engines.pictures import fit, to_image, to_tensor
from generation.engines.style.brief import Brief
from generation.engines.style.colours import finish_colours
from generation.engines.style.features.network import FeatureNetwork
from generation.engines.style.masterpiece.objective import FINISHING, PAINTING, Area, Objective
from generation.engines.style.masterpiece.optimiser import descend
from generation.engines.style.masterpiece.regions import Region, regions_of, shares_at
from generation.engines.style.masterpiece.schedule import Stage, pixels_looked_at, stages
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.places import cover_of, read_masks

_NOISE = 0.02  # of the range, added to the first picture: what lets another seed find another painting
_BETWEEN_PREVIEWS = 8  # looks


def paint(networks: StyleNetworks, brief: Brief, context: Context) -> list[Artifact]:
    """Paint the photograph; raises Cancelled, WeightsMissing."""
    context.progress(0.0, stage="Looking at the styles")
    chosen = brief.chosen
    with _gradients():
        network = networks.features(chosen.features)
        painted = render(network, brief, context)
        before = to_tensor(fit(brief.photograph, chosen.size), networks.device)
        after = finish_colours(painted, before, chosen)
        if brief.masks and chosen.unmasked == "photograph":
            height, width = before.shape[2:]
            masks = read_masks(brief.masks, (width, height), 0, height).to(networks.device)
            after = torch.lerp(before, after, cover_of(masks, brief.weights))
        image = to_image(after)
    context.progress(1.0, image, "Painted")
    return [Artifact(image=image, parameters=chosen.model_copy(update={"features": network.name}))]


def render(network: FeatureNetwork, brief: Brief, context: Context) -> torch.Tensor:
    """Optimise a picture (1, 3, h, w), 0..1, for what the brief asks, its colours not finished; raises Cancelled."""
    report = _Report(context, pixels_looked_at(brief.chosen.size, brief.chosen.steps))
    regions = regions_of(brief)
    picture: torch.Tensor | None = None
    photograph: torch.Tensor | None = None
    for stage in stages(brief.chosen.size, brief.chosen.steps):
        report.size = stage.size
        coarser, photograph = photograph, to_tensor(fit(brief.as_seen(brief.photograph), stage.size), context.device)
        context.check_cancelled()
        objective = Objective(network, photograph, _areas(brief, regions, stage, photograph))
        if picture is None or coarser is None:
            noise = torch.randn(photograph.shape, generator=context.generator).to(context.device)
            picture = photograph + _NOISE * noise
        else:
            # what the finer photograph adds to the coarser one is added to the painting
            picture = photograph + _enlarged(picture - coarser, photograph)
        for one in stage.rounds:
            objective.draw(context.generator, FINISHING if one.finishes else PAINTING)
            picture = descend(picture, objective, one.looks, report)
    assert picture is not None
    return picture.clamp(0, 1)


class _Report:
    """Tells how far the work has come, by pixels looked at, and shows the picture now and then."""

    def __init__(self, context: Context, total: int) -> None:
        self.size = 0
        self._context, self._total = context, total
        self._done = self._looks = 0

    def __call__(self, picture: torch.Tensor) -> None:
        """Count a look; raises Cancelled."""
        self._done += self.size**2
        self._looks += 1
        preview = to_image(picture) if self._looks % _BETWEEN_PREVIEWS == 0 else None
        self._context.progress(0.99 * self._done / self._total, preview, "Painting")


def _areas(brief: Brief, regions: list[Region], stage: Stage, photograph: torch.Tensor) -> list[Area]:
    shares = shares_at(brief, (photograph.shape[3], photograph.shape[2]))

    def shown(source: Image.Image) -> torch.Tensor:
        # never enlarged: what a style's picture does not hold cannot be learnt from it
        return to_tensor(fit(source, min(stage.size, max(source.size))), photograph.device)

    return [
        Area(
            cover=None if shares is None or region.where is None else shares[region.where].to(photograph.device),
            blend=[(share, shown(source)) for share, source in region.sources],
        )
        for region in regions
    ]


def _enlarged(picture: torch.Tensor, to: torch.Tensor) -> torch.Tensor:
    return functional.interpolate(picture, to.shape[2:], mode="bilinear", align_corners=False)


@contextmanager
def _gradients() -> Iterator[None]:
    """Let torch note how numbers came about, and have it add them up in one order."""
    with in_one_order(), torch.inference_mode(False), torch.enable_grad():
        yield
