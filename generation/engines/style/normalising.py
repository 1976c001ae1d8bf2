"""Instance normalisation in a style: each channel is normalised over its picture, then scaled and shifted as the style
says (Dumoulin et al. 2017, https://arxiv.org/abs/1610.07629).

Where several styles share a picture, each pixel is given the mixture of scales and shifts that is its own. Every style
brings the statistics that the whole picture has in it alone: so deep within a region it is painted exactly as if that
style were everywhere, and only where regions meet do they mix. (With the statistics of the mixture, one style's dark
tones would make another's garish.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch.nn import functional

from generation.engines.style.folding import fold_picture
from generation.engines.style.places import coarser

_EPSILON = 1e-5
# Pixels summed at once in single precision: few, so that the sum is true, and enough to be quick.
_GROUP, _GROUP_ON_GPU = 1 << 14, 1 << 18
Affine = tuple[torch.Tensor, torch.Tensor]  # scale and shift, each one number a style and channel: (k, c)
Manner = Mapping[str, Affine]  # by the name of the layer that is normalised


@dataclass(frozen=True)
class Statistics:
    """Mean and variance of each channel: (c,) both of one picture, (k, c) of one in k styles."""

    mean: torch.Tensor
    variance: torch.Tensor

    @classmethod
    def together(cls, found: Sequence["Statistics"]) -> "Statistics":
        """Those of one picture in several styles."""
        return cls(torch.stack([one.mean for one in found]), torch.stack([one.variance for one in found]))

    def without_phases(self) -> "Statistics":
        """Those of channels (c,) whose four phases were looked at apart (4c,)."""
        mean, variance = self.mean.view(4, -1), self.variance.view(4, -1)
        centre = mean.mean(0)
        return Statistics(centre, variance.mean(0) + (mean - centre).square().mean(0))


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

    def read(self, layer: str) -> Statistics:
        """The statistics of all strips of a layer, in single precision; nothing may be added any more."""
        for part in self._waiting:
            self._merge(part)
        self._waiting = []
        mean, variance = torch.as_tensor(self._mean), torch.as_tensor(self._squares) / self._count
        found = Statistics(mean.float(), variance.float())
        return found.without_phases() if is_phased(layer) else found

    def _merge(self, part: torch.Tensor) -> None:
        count = part.shape[2] * part.shape[3]
        mean, variance = (moment.double() for moment in _moments(part))
        total = self._count + count
        apart = mean - self._mean
        self._squares = self._squares + variance * count + apart.square() * (self._count * count / total)
        self._mean = self._mean + apart * (count / total)
        self._count = total


def statistics_of(layer: str, picture: torch.Tensor) -> Statistics:
    """The statistics of a layer's channels in one picture (1, c or 4c, h, w)."""
    found = RunningStatistics()
    found.add(picture)
    return found.read(layer)


def is_phased(layer: str) -> bool:
    """Whether a layer's channels are held as the four phases of a quarter as many."""
    return layer.startswith("expand.")


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

    def at(self, layer: str) -> torch.Tensor:
        """For a layer: (1, k, h/4, w/4), or of one in phases (4, k, h/4, w/4) or (4, k, h/2, w/2)."""
        if not is_phased(layer):
            return self._quarter
        return self._half if layer == "expand.conv1" else self._full

    @cached_property
    def _full(self) -> torch.Tensor:
        return fold_picture(self._pixels)

    @cached_property
    def _half(self) -> torch.Tensor:
        return fold_picture(coarser(self._pixels))

    @cached_property
    def _quarter(self) -> torch.Tensor:
        return coarser(coarser(self._pixels))[None]


def restyle(
    layer: str, x: torch.Tensor, affine: Affine, found: Statistics, shares: Shares | None = None
) -> torch.Tensor:
    """Normalise a layer of one picture, or of rows of it, by what was found in all of it, and give it its style.

    With `shares` there are k styles, each with its statistics; without there is one (1, c).
    """
    if shares is not None:
        gain, offset = _gain_and_offset(affine, found)
        places = shares.at(layer)
        return torch.addcmul(_mixed(offset, places).to(x), x, _mixed(gain, places).to(x))
    if is_phased(layer):
        gain, offset = (part.repeat(1, 4)[:, :, None, None].to(x) for part in _gain_and_offset(affine, found))
        return torch.addcmul(offset, x, gain)
    scale, shift = affine
    return functional.batch_norm(x, found.mean, found.variance, scale[0], shift[0], training=False, eps=_EPSILON)


def _gain_and_offset(affine: Affine, found: Statistics) -> Affine:
    """What normalising and restyling come down to: (k, c) both."""
    scale, shift = affine
    gain = scale * torch.rsqrt(found.variance + _EPSILON)
    return gain, shift - found.mean * gain


def _mixed(numbers: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """Mix each style's numbers (k, c) at every pixel by its shares: (1, c, h, w) of shares (1, k, h, w).

    Of shares in four phases (4, k, h, w) come four phases of each channel: (1, 4c, h, w).
    """
    mix = torch.einsum("pkhw,kc->phwc", shares, numbers)  # channels last
    phases, height, width, channels = mix.shape
    return mix.permute(1, 2, 0, 3).reshape(1, height, width, phases * channels).permute(0, 3, 1, 2)
