"""Colour as people see it: OKLab (Björn Ottosson, 2020), where equal steps look equal and mixtures stay clean."""

from collections.abc import Sequence

import torch

_TO_CONES = torch.tensor(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = torch.tensor(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB = torch.linalg.inv(_TO_LAB)
_FROM_CONES = torch.linalg.inv(_TO_CONES)


def to_oklab(colours: torch.Tensor) -> torch.Tensor:
    """Turn sRGB in 0..1 (..., 3) into OKLab: lightness 0..1, then green to red, then blue to yellow."""
    linear = torch.where(colours <= 0.04045, colours / 12.92, ((colours.clamp(min=0) + 0.055) / 1.055) ** 2.4)
    cones = linear @ _TO_CONES.T.to(colours)
    return (cones.sign() * cones.abs().pow(1 / 3)) @ _TO_LAB.T.to(colours)


def from_oklab(lab: torch.Tensor) -> torch.Tensor:
    """Turn OKLab (..., 3) into sRGB in 0..1; what no screen can show is clipped."""
    linear = ((lab @ _FROM_LAB.T.to(lab)) ** 3 @ _FROM_CONES.T.to(lab)).clamp(0, 1)
    return torch.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear.clamp(min=1e-8) ** (1 / 2.4) - 0.055)


def parse(colours: Sequence[str]) -> torch.Tensor:
    """Read #rrggbb colours as OKLab, one a row."""
    rgb = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in colours]
    return to_oklab(torch.tensor(rgb))


def ramp(colours: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """Read a colour at each position in 0..1 along a row of OKLab colours: (...,) to (..., 3)."""
    scaled = positions.clamp(0, 1) * (len(colours) - 1)
    below = scaled.floor().clamp(max=len(colours) - 2)
    share = (scaled - below)[..., None]
    index = below.long()
    return torch.lerp(colours[index], colours[index + 1], share)


def lend_chroma(lightness_of: torch.Tensor, chroma_of: torch.Tensor, amount: float) -> torch.Tensor:
    """Keep one picture's lightness and take on another's colours; both (1, 3, h, w) sRGB in 0..1."""
    lit, tinted = (to_oklab(picture.permute(0, 2, 3, 1)) for picture in (lightness_of, chroma_of))
    chroma = torch.lerp(lit[..., 1:], tinted[..., 1:], amount)
    return from_oklab(torch.cat([lit[..., :1], chroma], dim=-1)).permute(0, 3, 1, 2)
