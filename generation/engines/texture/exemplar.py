"""The picture that a texture grows from: brought to size, and how large the things in it are."""

import math

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from generation.engines.pictures import to_tensor

LEAST_SIDE = 16  # an exemplar narrower than this is mirrored until it is not
_PERIODIC = 0.30  # how alike a pattern must be to itself, further on, to count as one that returns
_APART = 0.20  # below this correlation two places have nothing to do with one another
_LOOKED_AT = 256  # the longer side of the picture whose scale is measured, in pixels


def prepare(picture: Image.Image, side: int) -> Tensor:
    """Bring a picture to at most side² pixels, and at least LEAST_SIDE each way: (3, h, w) in 0..1."""
    shrunk = side / math.sqrt(picture.width * picture.height)
    if shrunk < 1:
        size = max(1, round(picture.width * shrunk)), max(1, round(picture.height * shrunk))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return _mirrored(_mirrored(to_tensor(picture)[0], 1), 2)


def _mirrored(pixels: Tensor, dim: int) -> Tensor:
    while (length := pixels.shape[dim]) < LEAST_SIDE:
        pixels = torch.cat([pixels, pixels.flip(dim)], dim).narrow(dim, 0, min(2 * length, LEAST_SIDE))
    return pixels


def natural_patch(exemplar: Tensor) -> int:
    """How many pixels a block must measure to hold what the exemplar repeats, or the things that it is strewn with.

    By the autocorrelation of its lightness: where a pattern returns, a little more than its period; elsewhere several
    times the distance at which neighbours have forgotten one another. Between a sixth and a half of the shorter side.
    """
    coarser = max(1, math.ceil(max(exemplar.shape[1:]) / _LOOKED_AT))
    grey = functional.avg_pool2d(exemplar.mean(0)[None, None], coarser, ceil_mode=True)[0, 0]
    grey = grey - grey.mean()
    least, most = min(exemplar.shape[1:]) // 6, min(exemplar.shape[1:]) // 2
    if float(grey.square().mean()) < 1e-6:
        return most
    mean, strongest = _profiles(_autocorrelation(grey))
    (unlike,) = torch.nonzero(mean < _APART, as_tuple=True)
    grain = int(unlike[0]) if len(unlike) else len(mean) - 1
    beyond = strongest[grain + 1 :]
    returns = len(beyond) > 0 and float(beyond.max()) > _PERIODIC
    patch = 1.25 * (grain + 1 + int(beyond.argmax())) if returns else 5.0 * grain
    return max(LEAST_SIDE // 2, least, min(round(patch * coarser), most))


def _autocorrelation(grey: Tensor) -> Tensor:
    """Correlation (h / 2, w) with itself moved down by up to h/2 and sideways by up to w/2 either way, wrapped."""
    height, width = grey.shape
    shape = (2 * height, 2 * width)
    power, overlap = (
        torch.fft.irfft2(torch.fft.rfft2(part, s=shape).abs().square(), s=shape)
        for part in (grey, torch.ones_like(grey))
    )
    whole = power / overlap.clamp(min=1)
    near = torch.roll(whole, width // 2, 1)[: height // 2, : width // 2 * 2]
    likeness: Tensor = near / whole[0, 0]
    return likeness


def _profiles(correlation: Tensor) -> tuple[Tensor, Tensor]:
    """The mean and the largest correlation at each whole distance in pixels, up to half the shorter side."""
    height, width = correlation.shape
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width) - width // 2, indexing="ij")
    ring = torch.hypot(y.float(), x.float()).round().long().flatten()
    reach = min(height, width // 2)
    near, values = ring < reach, correlation.flatten()
    mean = torch.zeros(reach).scatter_reduce(0, ring[near], values[near], "mean", include_self=False)
    strongest = torch.zeros(reach).scatter_reduce(0, ring[near], values[near], "amax", include_self=False)
    return mean, strongest
