"""Which manners count where: without masks everywhere the same blend, with them one region a style."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from PIL import Image

from generation.engines.style.brief import Brief
from generation.engines.style.colours import prepare_style
from generation.engines.style.places import read_masks, shares_of


@dataclass(frozen=True, kw_only=True)
class Region:
    """A part of the picture and the pictures whose manner it is given, blended by their shares."""

    where: int | None  # which of `shares_of` says how much of each pixel belongs to it; None: all of every pixel
    sources: Sequence[tuple[float, Image.Image]]  # shares above nought that amount to one, and pictures


def regions_of(brief: Brief) -> list[Region]:
    """Read the weights, the masks and the strength of a brief.

    Below full strength the photograph's own manner counts for the rest.
    """
    styles = [prepare_style(style, brief.photograph, brief.chosen) for style in brief.styles]
    blend = [(weight / sum(brief.weights), style) for weight, style in zip(brief.weights, styles, strict=True)]
    if not brief.masks:
        return [Region(where=None, sources=_at_strength(brief, blend))]
    found = [
        Region(where=at, sources=_at_strength(brief, [(1.0, style)]))
        for at, (weight, style) in enumerate(zip(brief.weights, styles, strict=True))
        if weight > 0
    ]
    if brief.chosen.unmasked == "styles":
        found.append(Region(where=len(styles), sources=_at_strength(brief, blend)))
    return found


def shares_at(brief: Brief, size: tuple[int, int]) -> torch.Tensor | None:
    """How much of each pixel belongs to each style's mask, and last to none: (k + 1, h, w); None without masks."""
    return shares_of(read_masks(brief.masks, size, 0, size[1]), brief.weights) if brief.masks else None


def _at_strength(brief: Brief, blend: Sequence[tuple[float, Image.Image]]) -> list[tuple[float, Image.Image]]:
    strength = brief.chosen.strength
    own = (1 - strength, brief.as_seen(brief.photograph))
    parts = [*((strength * share, style) for share, style in blend), own]
    return [(share, picture) for share, picture in parts if share > 0]
