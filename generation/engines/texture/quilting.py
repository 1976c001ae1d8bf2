"""Image quilting: blocks of the exemplar that agree where they overlap, joined along the least visible line.

Efros, Freeman, "Image quilting for texture synthesis and transfer", SIGGRAPH 2001. What is made is a map of places:
for each pixel of the result, the pixel of the exemplar that it is. Ours wraps round where the result is to tile, so
that the last column and row are cut to the first like any others. Blocks are searched for on a coarser copy by Fourier
transform, at every place at once, and then placed to the pixel.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from generation.engines.texture.seams import keep

_COARSE_BLOCK = 12  # a block's least side on the coarser copy that is searched
_COARSE_SIDE = 128  # about the side that the copy has at most
_AS_GOOD = 1.1  # blocks whose error is within a tenth of the least are as good
_NOTICED = 4e-5  # a mean squared difference that nobody sees
_TIRED = 0.15  # what it costs to take a place again at full variation, as a share of the mean error

Laid = Callable[[int, int, Tensor], None]


def nobody_looks(done: int, of: int, picture: Tensor) -> None:
    """Take note of a block and do nothing with it."""


@dataclass(frozen=True)
class Quilt:
    """A result (h, w) told as the exemplar's pixels, counted row by row."""

    places: Tensor  # (h, w), int64
    exemplar: Tensor  # (3, h', w')

    @property
    def picture(self) -> Tensor:
        """What the result looks like: (3, h, w) in 0..1."""
        return self.exemplar.flatten(1)[:, self.places]


def quilt(
    exemplar: Tensor,
    side: int,
    block: int,
    generator: torch.Generator,
    *,
    tiling: bool,
    variation: float = 0.0,
    laid: Laid = nobody_looks,
) -> Quilt:
    """Lay blocks of an exemplar (3, h, w) over a square of `side` pixels; `laid` hears of each. All on the CPU.

    With more `variation` a place that was used before is used again only where it fits much better.
    """
    block = min(block, *exemplar.shape[1:], side if not tiling else max(side * 2 // 3, 2))
    band = max(2, block // 4)
    count = math.ceil((side if tiling else max(1, side - band)) / (block - band))
    starts = [round(at * side / count) if tiling else at * (block - band) for at in range(count)]
    extent = side if tiling else starts[-1] + block
    return _Quilter(exemplar, extent, block, band, generator, variation).lay(starts, tiling, laid).cropped(side)


class _Quilter:
    """The result as it grows."""

    def __init__(
        self, exemplar: Tensor, extent: int, block: int, band: int, generator: torch.Generator, variation: float
    ) -> None:
        self._exemplar, self._block, self._band = exemplar, block, band
        self._generator, self._variation = generator, variation
        self._places = torch.zeros(extent, extent, dtype=torch.int64)
        self._picture = torch.zeros(3, extent, extent)
        self._numbered = torch.arange(exemplar[0].numel()).view(exemplar.shape[1:])
        bounded = max(block // _COARSE_BLOCK, math.ceil(math.sqrt(exemplar[0].numel()) / _COARSE_SIDE))
        self._coarser = max(1, min(bounded, block // 4))  # four pixels are left of a block at least
        self._search = _Search(self._averaged(exemplar), math.ceil(block / self._coarser))
        self._used = torch.zeros(self._search.shape)

    def lay(self, starts: list[int], tiling: bool, laid: Laid) -> "_Quilter":
        """Lay every block, row by row."""
        last = len(starts) - 1
        for row, y in enumerate(starts):
            for column, x in enumerate(starts):
                sides = "l" * (column > 0) + "t" * (row > 0)
                if tiling and last:
                    sides += "r" * (column == last) + "b" * (row == last)
                self._lay(y, x, sides)
                laid(row * len(starts) + column + 1, len(starts) ** 2, self._picture)
        return self

    def cropped(self, side: int) -> Quilt:
        """Give the result, at the side asked for."""
        return Quilt(self._places[:side, :side].contiguous(), self._exemplar)

    def _lay(self, y: int, x: int, sides: str) -> None:
        extent, block = len(self._places), self._block
        rows, columns = ((torch.arange(block) + start) % extent for start in (y, x))
        old = self._picture[:, rows[:, None], columns]
        known = self._known(sides)
        top, left = self._choose(old, known, sides)
        new = self._exemplar[:, top : top + block, left : left + block]
        errors = (new - old).square().sum(0)
        over = torch.from_numpy(keep(errors.numpy(), self._band, sides))
        numbered = self._numbered[top : top + block, left : left + block]
        at = rows[:, None], columns
        self._places[at] = torch.where(over, numbered, self._places[at])
        self._picture[:, at[0], at[1]] = torch.where(over, new, old)

    def _known(self, sides: str) -> Tensor:
        known = torch.zeros(self._block, self._block)
        strips = {
            "l": known[:, : self._band], "t": known[: self._band],
            "r": known[:, -self._band :], "b": known[-self._band :],
        }  # fmt: skip
        for side in sides:
            strips[side].fill_(1)
        return known

    def _choose(self, old: Tensor, known: Tensor, sides: str) -> tuple[int, int]:
        """Choose where in the exemplar the next block is taken from."""
        height, width = self._exemplar.shape[1:]
        lowest, rightmost = height - self._block, width - self._block
        if not sides:
            return self._one_of(lowest + 1), self._one_of(rightmost + 1)
        weight = self._averaged(known[None])
        target = self._averaged(old * known) / weight.clamp(min=1e-6)
        errors = self._search.errors(target, weight[0], sides)
        errors = errors + self._variation * _TIRED * errors.mean() * self._used
        (good,) = torch.nonzero(errors.flatten() <= _AS_GOOD * float(errors.min()) + _NOTICED, as_tuple=True)
        chosen = int(good[self._one_of(len(good))])
        row, column = divmod(chosen, errors.shape[1])
        reach = max(1, self._search.block // 2)
        self._used[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] += 1
        return self._placed(min(row * self._coarser, lowest), min(column * self._coarser, rightmost), old, known)

    def _placed(self, top: int, left: int, old: Tensor, known: Tensor) -> tuple[int, int]:
        """Move a block that was found on the coarser copy by the few pixels that make it fit best."""
        if self._coarser == 1:
            return top, left
        around = self._exemplar[
            :,
            max(0, top - self._coarser) : top + self._coarser + self._block,
            max(0, left - self._coarser) : left + self._coarser + self._block,
        ][None]
        wanted = (old * known)[None]
        errors = functional.conv2d(around.square(), known.expand_as(old)[None]) - 2 * functional.conv2d(around, wanted)
        row, column = divmod(int(errors.argmin()), errors.shape[3])
        return max(0, top - self._coarser) + row, max(0, left - self._coarser) + column

    def _one_of(self, number: int) -> int:
        return int(torch.randint(number, (), generator=self._generator))

    def _averaged(self, pixels: Tensor) -> Tensor:
        if self._coarser == 1:
            return pixels
        return functional.avg_pool2d(pixels[None], self._coarser, ceil_mode=True)[0]


class _Search:
    """Compares a block with every place of a picture at once, by the convolution theorem."""

    def __init__(self, picture: Tensor, block: int) -> None:
        self.block = block = min(block, *picture.shape[1:])
        self._size = tuple(picture.shape[1:])
        self.shape = (self._size[0] - block + 1, self._size[1] - block + 1)
        self._picture = torch.fft.rfft2(picture)
        self._squares = torch.fft.rfft2(picture.square().sum(0))
        self._energy: dict[str, Tensor] = {}  # of what lies under each kind of mask

    def errors(self, target: Tensor, weight: Tensor, kind: str) -> Tensor:
        """The mean squared difference to a target (3, b, b) under weights (b, b), at every place: `shape`."""
        if kind not in self._energy:
            self._energy[kind] = self._correlated(self._squares, weight)
        shared = self._correlated(self._picture, target * weight).sum(0)
        own = (target.square() * weight).sum()
        return ((self._energy[kind] - 2 * shared + own) / weight.sum()).clamp(min=0)

    def _correlated(self, spectrum: Tensor, small: Tensor) -> Tensor:
        product = spectrum * torch.fft.rfft2(small, s=self._size).conj()
        correlated: Tensor = torch.fft.irfft2(product, s=self._size)
        return correlated[..., : self.shape[0], : self.shape[1]]
