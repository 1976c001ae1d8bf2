"""The quality “draft”: one pass of the transformer over the whole picture, there at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import torch
from PIL import Image

from generation.engines.base import Artifact, Context
from generation.engines.pictures import fitted_size, to_image
from generation.engines.style.brief import Brief
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.scene import Scene

PREVIEW_SIDE = 256
_SOON_ENOUGH = 512  # up to this size the picture itself is there about as soon as a preview would be


def paint(networks: StyleNetworks, brief: Brief, context: Context) -> list[Artifact]:
    """Paint the photograph; raises Cancelled."""
    context.progress(0.0, stage="Looking at the styles")
    manner, size = brief.manner(networks), brief.chosen.size
    if size > _SOON_ENOUGH:
        context.check_cancelled()
        context.progress(0.2, paint_at(networks, brief, manner, PREVIEW_SIDE), "Painting")
    painting = paint_at(networks, brief, manner, size)
    context.progress(1.0, painting, "Painted")
    return [Artifact(image=painting)]


def paint_together(
    networks: StyleNetworks, briefs: Sequence[Brief], contexts: Sequence[Context]
) -> list[list[Artifact]]:
    """Paint several photographs, those of equal shape and without masks stacked; raises Cancelled."""
    paintings: dict[int, Image.Image] = {}
    for alike in _of_one_shape(briefs):
        manners = []
        for at in alike:
            contexts[at].progress(0.0, stage="Looking at the styles")
            manners.append(briefs[at].manner(networks))
        if briefs[alike[0]].masks:
            painted = [
                paint_at(networks, briefs[at], manner, briefs[at].chosen.size)
                for at, manner in zip(alike, manners, strict=True)
            ]
        else:
            painted = _paint(networks, [briefs[at] for at in alike], torch.cat(manners), briefs[alike[0]].chosen.size)
        paintings |= zip(alike, painted, strict=True)
        for at in alike:
            contexts[at].progress(1.0, paintings[at], "Painted")
    return [[Artifact(image=paintings[at])] for at in range(len(briefs))]


def paint_at(networks: StyleNetworks, brief: Brief, manner: torch.Tensor, size: int) -> Image.Image:
    """Paint one photograph so that its longer side has `size` pixels, in the manner that `Brief.manner` gives."""
    return _paint(networks, [brief], manner, size)[0]


def _paint(networks: StyleNetworks, briefs: Sequence[Brief], manner: torch.Tensor, size: int) -> list[Image.Image]:
    """Repaint photographs of one shape, each in its row of `manner`; or one with masks."""
    scenes = [Scene(brief, size, networks.device) for brief in briefs]
    width, height, padded = scenes[0].width, scenes[0].height, scenes[0].padded_height
    pixels = torch.cat([scene.picture(0, padded) for scene in scenes])  # (n, 3, h, w)
    shares = scenes[0].shares(0, padded) if len(manner) > len(briefs) else None
    painted = networks.transformer(pixels, manner, shares)[..., :height, :width]
    return [to_image(scene.finished(0, one)) for scene, one in zip(scenes, torch.split(painted, 1), strict=True)]


def _of_one_shape(briefs: Sequence[Brief]) -> Iterator[list[int]]:
    """The places of briefs whose results have the same width and height; each with masks stands alone."""
    shapes: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for at, brief in enumerate(briefs):
        alone = (at,) if brief.masks else ()
        shapes[*fitted_size(brief.photograph, brief.chosen.size), *alone].append(at)
    yield from shapes.values()
