"""Whose colours a painting has: the styles', the photograph's, or these with light and dark alone painted anew.

Gatys, Ecker, Bethge, Hertzmann, Shechtman: "Controlling perceptual factors in neural style transfer", 2016,
https://arxiv.org/abs/1611.07865, section 5: luminance-only transfer, and matching a style's colours beforehand.
"""

import numpy as np
import torch
from PIL import Image

from generation.engines.colour import lend_chroma
from generation.engines.style.declarations import ArbitraryStyleParameters

_LUMINANCE = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow's own greys
_LOOKED_AT = 256  # pixels a side: colours need no more
_LEAST_SPREAD = 1e-4  # of a colour's variance, so that a flat picture has a direction too

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def prepare_style(style: Image.Image, photograph: Image.Image, chosen: ArbitraryStyleParameters) -> Image.Image:
    """Give a style what was chosen to be done with its colours before it is looked at."""
    if chosen.luminance_only:
        style, photograph = grey(style), grey(photograph)
    return match_colours(style, photograph) if chosen.match_colours else style


def finish_colours(painted: torch.Tensor, photograph: torch.Tensor, chosen: ArbitraryStyleParameters) -> torch.Tensor:
    """Give a painting the colours that were chosen; pictures (1, 3, h, w) in 0..1."""
    if chosen.luminance_only:
        return repaint_luminance(painted, photograph)
    return lend_chroma(painted, photograph, chosen.keep_colours) if chosen.keep_colours > 0 else painted


def grey(image: Image.Image) -> Image.Image:
    """Keep a picture's luminance alone, in three equal channels."""
    return image.convert("L").convert("RGB")


def luminance(picture: torch.Tensor) -> torch.Tensor:
    """Weigh the channels of sRGB (n, 3, h, w) as luma: (n, 1, h, w)."""
    weights = torch.tensor(_LUMINANCE, dtype=picture.dtype, device=picture.device).view(1, 3, 1, 1)
    return (picture * weights).sum(1, keepdim=True)


def repaint_luminance(painted: torch.Tensor, photograph: torch.Tensor) -> torch.Tensor:
    """Take the painting's luma and the photograph's chroma; (n, 3, h, w) in 0..1.

    The chroma (each channel less the luma) is kept exactly: where the painting is so light or dark that no screen shows
    that colour, its luma gives way.
    """
    chroma = photograph - luminance(photograph)
    least, most = -chroma.amin(1, keepdim=True), 1 - chroma.amax(1, keepdim=True)
    return chroma + torch.minimum(torch.maximum(luminance(painted), least), most)


def match_colours(picture: Image.Image, to: Image.Image) -> Image.Image:
    """Give a picture the mean and the covariance of another's colours, by the one symmetric map that does (Gatys §5.2).

    Of the maps that bring one covariance to the other this one moves the colours least: it is the optimal transport
    between two normal distributions.
    """
    mean, spread = _statistics(picture)
    wanted_mean, wanted_spread = _statistics(to)
    root = _power(spread, 0.5)
    inverse = _power(spread, -0.5)
    turn = inverse @ _power(root @ wanted_spread @ root, 0.5) @ inverse
    pixels = (np.asarray(picture.convert("RGB"), np.float64) / 255 - mean) @ turn + wanted_mean
    return Image.fromarray((pixels.clip(0, 1) * 255 + 0.5).astype(np.uint8))


def _statistics(picture: Image.Image) -> tuple[Numbers, Numbers]:
    small = picture.convert("RGB").resize((_LOOKED_AT, _LOOKED_AT), Image.Resampling.BOX)
    pixels = np.asarray(small, np.float64).reshape(-1, 3) / 255
    return pixels.mean(0), np.cov(pixels.T) + _LEAST_SPREAD * np.eye(3)


def _power(symmetric: Numbers, exponent: float) -> Numbers:
    values, vectors = np.linalg.eigh(symmetric)
    power: Numbers = (vectors * values.clip(_LEAST_SPREAD / 10) ** exponent) @ vectors.T
    return power
