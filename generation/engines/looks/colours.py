"""Which colours a picture has: 64 shares in OKLab that tell near colours from far ones, and the names of its main ones.

A pixel counts for every anchor near it, by how near it is: so a slightly other red is almost the same and a blue is not
at all (soft assignment: van Gemert, Geusebroek, Veenman, Smeulders, "Kernel Codebooks for Scene Categorization", 2008).
The square roots of the shares have length one, and their inner product is the Bhattacharyya coefficient.
"""

import math
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from generation.engines.colour import to_oklab
from generation.engines.looks.declarations import COLOUR_WIDTH, FAMILIES
from generation.engines.pictures import to_tensor

SIDE = 96  # pixels: colours are where they are, details do not count
# OKLab's steps are seen as equal, but lightness varies with shade and texture, and says less about which colour it is.
_LIGHTNESS_COUNTS = 0.6
_REACH = 0.055  # of an anchor, in OKLab: about half of how far two neighbours lie apart
_NEUTRALS = tuple(0.05 + 0.9 * step / 7 for step in range(8))
_HUES = 14
_RINGS = ((0.30, 0.07), (0.50, 0.11), (0.68, 0.17), (0.84, 0.07))  # lightness and chroma of the anchors of each hue
_CLUSTERS, _STEPS = 8, 12
_FEWEST = 0.07  # share of the picture that a colour takes if it is named
_NAMED = 4


def colour_vector(image: Image.Image) -> Tensor:
    """The colours of a picture as 64 numbers, none below nought, of length one: float32 on the CPU."""
    lab = _pixels(image)
    apart = torch.cdist(lab * _weights(lab), _anchors() * _weights(lab))  # (pixels, 64)
    shares = torch.softmax(-0.5 * (apart / _REACH).square(), dim=1).mean(0)
    roots: Tensor = shares.sqrt() / shares.sqrt().norm()
    return roots


def colour_families(image: Image.Image) -> tuple[str, ...]:
    """The names of its main colours (of `FAMILIES`), those that cover most first: one to four."""
    lab = _pixels(image)
    shares: dict[str, float] = {}
    for centre, share in _clusters(lab):
        name = family_of(*centre)
        shares[name] = shares.get(name, 0.0) + share
    most_first = sorted(shares, key=lambda name: -shares[name])
    named = [name for name in most_first if shares[name] >= _FEWEST]
    return tuple(named[:_NAMED] or most_first[:1])


@dataclass(frozen=True)
class _Hue:
    """A family of colours that have a hue: up to which angle of OKLab's circle it goes, in degrees."""

    up_to: float
    name: str


# Where one says "red" no more but "orange" and so on, on OKLab's circle: between sRGB's pure colours, which lie at
# 29 (red), 58 (#ff8000), 110 (yellow), 142 (green), 195 (cyan), 264 (blue), 303 (#8000ff), 328 (magenta), 0 (#ff0080).
_CIRCLE = (
    _Hue(8, "pink"), _Hue(42, "red"), _Hue(76, "orange"), _Hue(117, "yellow"), _Hue(167, "green"), _Hue(218, "teal"),
    _Hue(284, "blue"), _Hue(318, "purple"), _Hue(360, "pink"),
)  # fmt: skip
_BLACK, _WHITE = 0.24, 0.92
_COLOURLESS = 0.033  # chroma below which one sees grey


def family_of(lightness: float, green_red: float, blue_yellow: float) -> str:
    """What people call a colour of OKLab."""
    chroma, hue = math.hypot(green_red, blue_yellow), math.degrees(math.atan2(blue_yellow, green_red)) % 360
    if lightness < _BLACK and chroma < 0.07:
        return "black"
    # Near white, and in the dark, a little chroma is not seen as a colour.
    if chroma < _COLOURLESS or (lightness > 0.9 and chroma < 0.045):
        return "white" if lightness > _WHITE - 0.04 else "black" if lightness < _BLACK else "grey"
    name = next(one.name for one in _CIRCLE if hue <= one.up_to)
    is_warm = name in {"red", "orange", "yellow"}
    if name == "red" and lightness > 0.72:
        return "pink"
    if is_warm and name != "red" and (lightness < 0.64 or (chroma < 0.085 and lightness < 0.80)):
        return "brown" if hue < 105 else "green"
    if name == "red" and chroma < 0.09:
        return "brown"
    return name


def _pixels(image: Image.Image) -> Tensor:
    """(n, 3) OKLab, of a small version of the picture."""
    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return to_oklab(to_tensor(small)[0].permute(1, 2, 0).reshape(-1, 3))


def _weights(like: Tensor) -> Tensor:
    return like.new_tensor([_LIGHTNESS_COUNTS, 1.0, 1.0])


def _anchors() -> Tensor:
    """(64, 3) OKLab: greys from black to white, and every hue dark, middling, vivid and pale."""
    rows = [(lightness, 0.0, 0.0) for lightness in _NEUTRALS]
    for lightness, chroma in _RINGS:
        for step in range(_HUES):
            angle = 2 * math.pi * step / _HUES
            rows.append((lightness, chroma * math.cos(angle), chroma * math.sin(angle)))
    assert len(rows) == COLOUR_WIDTH
    return torch.tensor(rows)


def _clusters(lab: Tensor) -> list[tuple[tuple[float, float, float], float]]:
    """Centres of k-means with the share of pixels of each, begun at the shares of lightness: always the same."""
    order = lab[:, 0].argsort()
    centres = lab[order[torch.linspace(0, len(lab) - 1, _CLUSTERS).long()]]
    nearest = torch.zeros(len(lab), dtype=torch.long)
    for _ in range(_STEPS):
        nearest = torch.cdist(lab, centres).argmin(1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, lab)
        counts = torch.bincount(nearest, minlength=_CLUSTERS)[:, None]
        centres = torch.where(counts > 0, sums / counts.clamp(min=1), centres)
    shares = torch.bincount(nearest, minlength=_CLUSTERS) / len(lab)
    return [
        ((float(row[0]), float(row[1]), float(row[2])), float(share))
        for row, share in zip(centres, shares, strict=True)
        if share > 0
    ]


assert {one.name for one in _CIRCLE} <= set(FAMILIES)
