"""Instance normalisation in a style: each channel is normalised over its picture, then scaled and shifted as the style
says (Dumoulin et al. 2017, https://arxiv.org/abs/1610.07629). Where several styles share a picture, every pixel is
given the mixture that is its own.

The statistics are those of what is given, unless others are known: those of a whole picture whose strips are given one
by one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch.nn import functional

from generation.engines.style.folding import fold_picture
from generation.engines.style.places import coarser

_EPSILON = 1e-5
# Pixels summed at once in single precision: few, so that the sum is true, and enough to be quick.
_GROUP, _GROUP_ON_GPU = 1 << 14, 1 << 18
Affine = tuple[torch.Tensor, torch.Tensor]  # scale and shift, each one number a picture (or style) and channel: (n, c)


@dataclass(frozen=True)
class Statistics:
    """Mean and variance of each channel of one picture: (c,) both."""

    mean: torch.Tensor
    variance: torch.Tensor


class RunningStatistics:
    """Statistics of a picture that comes strip by strip; merged in double precision (Chan, Golub, LeVeque 1979).

    They are summed over groups of rows that are the same wherever the strips end, so that every bit of them is, too: in
    bfloat16 the last bit of a mean decides how a good many activations round, and the network makes more of it.
    """

    def __init__(self) -> None:
        self._waiting: list[torch.Tensor] = []  # rows of a group that is not complete
        self._count = 0
        self._mean: torch.Tensor | float = 0.0
        self._squares: torch.Tensor | float = 0.0  # summed distances from the mean

    def add(self, strip: torch.Tensor) -> None:
        """Take the next rows (1, c, h, w) in."""
        group = max(1, (_GROUP if strip.device.type == "cpu" else _GROUP_ON_GPU) // strip.shape[3])
        rows = torch.cat([*self._waiting, strip], dim=2) if self._waiting else strip
        whole = rows.shape[2] // group * group
        for part in torch.split(rows[:, :, :whole], group, dim=2) if whole else ():
            self._merge(part)
        self._waiting = [rows[:, :, whole:].clone()] if whole < rows.shape[2] else []

    def read(self) -> Statistics:
        """The statistics of all strips together, in single precision; nothing may be added any more."""
        for part in self._waiting:
            self._merge(part)
        self._waiting = []
        return Statistics(torch.as_tensor(self._mean).float(), torch.as_tensor(self._squares).float() / self._count)

    def _merge(self, part: torch.Tensor) -> None:
        count = part.shape[2] * part.shape[3]
        mean, variance = (moment.double() for moment in _moments(part))
        total = self._count + count
        apart = mean - self._mean
        self._squares = self._squares + variance * count + apart.square() * (self._count * count / total)
        self._mean = self._mean + apart * (count / total)
        self._count = total


def statistics_of(picture: torch.Tensor) -> Statistics:
    """The statistics of one picture's channels (1, c, h, w)."""
    found = RunningStatistics()
    found.add(picture)
    return found.read()


def _moments(part: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and variance (c,) in single precision, whatever the precision of what is given."""
    if part.device.type != "cpu":
        variance, mean = torch.var_mean(part.float(), (0, 2, 3), correction=0)
        return mean, variance
    # Twenty times as fast as the above. What it returns is rounded to its input's precision, which is too coarse; the
    # "running" numbers beside it are not, and with all of the momentum they are this part's own.
    channels, count = part.shape[1], part.shape[2] * part.shape[3]
    mean, unbiased = torch.zeros(channels), torch.zeros(channels)
    torch.batch_norm_update_stats(part, mean, unbiased, 1.0)
    return mean, unbiased * ((count - 1) / count)


class Shares:
    """How much each of k styles counts at each pixel, as the layers of different sizes read it."""

    def __init__(self, pixels: torch.Tensor) -> None:
        """Take the shares of the picture's own pixels: (k, h, w), h and w multiples of four."""
        self._pixels = pixels

    @cached_property
    def full(self) -> torch.Tensor:
        """For phases of the full resolution: (4, k, h/2, w/2)."""
        return fold_picture(self._pixels)

    @cached_property
    def half(self) -> torch.Tensor:
        """For phases of half the resolution: (4, k, h/4, w/4)."""
        return fold_picture(coarser(self._pixels))

    @cached_property
    def quarter(self) -> torch.Tensor:
        """For a quarter of the resolution: (1, k, h/4, w/4)."""
        return coarser(coarser(self._pixels))[None]


def restyle(
    x: torch.Tensor, affine: Affine, shares: torch.Tensor | None = None, known: Statistics | None = None
) -> torch.Tensor:
    """Normalise each channel of (n, c, h, w) over its own picture, then give it the style's scale and shift."""
    if shares is not None:
        y = _normalise(x, None, None, known)
        return torch.addcmul(mixed(affine[1], shares).to(y), y, mixed(affine[0], shares).to(y))
    return _each(lambda one, scale, shift: _normalise(one, scale, shift, known), x, affine)


def restyle_phases(
    x: torch.Tensor, affine: Affine, shares: torch.Tensor | None = None, known: Statistics | None = None
) -> torch.Tensor:
    """Do the same where the channels (n, 4c, h, w) are the phases of a quarter as many."""
    if shares is not None:
        scale, shift = _gain_and_offset(x, *affine, known)  # (k, c)
        return torch.addcmul(mixed(shift, shares).to(x), x, mixed(scale, shares).to(x))
    return _each(lambda one, scale, shift: _restyle_phases_of_one(one, scale, shift, known), x, affine)


def mixed(numbers: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """Mix each style's numbers (k, c) at every pixel by its shares: (1, c, h, w) of shares (1, k, h, w).

    Of shares in four phases (4, k, h, w) come four phases of each channel: (1, 4c, h, w).
    """
    mix = torch.einsum("pkhw,kc->phwc", shares, numbers)  # channels last
    phases, height, width, channels = mix.shape
    return mix.permute(1, 2, 0, 3).reshape(1, height, width, phases * channels).permute(0, 3, 1, 2)


def _normalise(
    x: torch.Tensor, scale: torch.Tensor | None, shift: torch.Tensor | None, known: Statistics | None
) -> torch.Tensor:
    found = known or statistics_of(x)
    return functional.batch_norm(x, found.mean, found.variance, scale, shift, training=False, eps=_EPSILON)


def _restyle_phases_of_one(
    x: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor, known: Statistics | None
) -> torch.Tensor:
    gain, offset = (
        part.repeat(4)[None, :, None, None].to(x.dtype) for part in _gain_and_offset(x, scale, shift, known)
    )
    return torch.addcmul(offset, x, gain)


def _gain_and_offset(
    x: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor, known: Statistics | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """What normalising one picture's phases (1, 4c, h, w) and restyling (..., c) them comes down to."""
    found = known or statistics_of(x)
    mean, variance = found.mean.view(4, -1), found.variance.view(4, -1)
    centre = mean.mean(0)
    spread = variance.mean(0) + (mean - centre).square().mean(0)
    gain = scale * torch.rsqrt(spread + _EPSILON)
    return gain, shift - centre * gain


def _each(restyle_one: Callable[..., torch.Tensor], x: torch.Tensor, affine: Affine) -> torch.Tensor:
    """Do one picture after the other, so that each comes out as if it were alone."""
    restyled = [restyle_one(one, scale, shift) for one, scale, shift in zip(torch.split(x, 1), *affine, strict=True)]
    return restyled[0] if len(restyled) == 1 else torch.cat(restyled)
