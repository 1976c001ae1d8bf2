"""The transformer for pictures of any size: layer by layer and strip by strip, with the statistics of the whole.

A normalisation needs the mean and variance of its channel over the whole picture before a single pixel can go on. So
each layer is one pass over the picture: a strip of the layer before is read from disk with as many rows around it as
the kernel reaches (its halo), normalised by what the pass before found, convolved, and written; the statistics of what
was written are gathered on the way. Strips are as wide as the picture. Nothing is approximated and nothing computed
otherwise than at once, so that on a processor the bytes are the same.
"""

from collections.abc import Callable, Iterator

import torch

from generation.engines.style.enlarging import MULTIPLE
from generation.engines.style.folding import unfold_phases
from generation.engines.style.normalising import RunningStatistics, Shares, Statistics, restyle, restyle_phases
from generation.engines.style.planes import Plane
from generation.engines.style.transformer import RESIDUALS, Manner, StyleTransformer

Read = Callable[[int, int], torch.Tensor]  # rows `first` to `last`, not included
PASSES = 2 + 2 * len(RESIDUALS) + 3
LEAST_ROWS = 2 * MULTIPLE


class StreamedTransformer:
    """One picture on its way through the network."""

    def __init__(
        self, transformer: StyleTransformer, manner: Manner, *, height: int, rows: int, shares: Read | None,
        going_on: Callable[[float], None],
    ) -> None:  # fmt: skip
        """Paint `height` rows, a multiple of four, about `rows` at a time; `shares` reads (k, n, w) of their pixels.

        `going_on` hears after every strip what fraction of the work is done, and may raise to stop it.
        """
        self._network, self._manner, self._shares, self._going_on = transformer, manner, shares, going_on
        self._height = height
        self._rows = max(LEAST_ROWS, rows // LEAST_ROWS * LEAST_ROWS)
        self._passed = 0

    def paint(self, picture: Read, write: Callable[[int, torch.Tensor], None]) -> None:
        """Repaint a picture whose rows (1, 3, n, w) in 0..1 are read; painted rows are written from the top down."""
        network = self._network
        read = self._residuals(picture)
        # What was read from before is let go of with each assignment: its files are the largest things here.
        read = self._phases(*self._pass(lambda *at: network.enlarge(read(*at)), halo=1, scale=4), "expand.conv1", 4)
        read = self._phases(
            *self._pass(lambda *at: network.enlarge_phases(read(*at)), halo=1, scale=4), "expand.conv2", 2
        )
        self._finish(*self._pass(lambda *at: network.colour(read(*at)), halo=2, scale=2), write)

    def _residuals(self, picture: Read) -> Read:
        network = self._network
        x, _ = self._pass(lambda *at: network.contract(picture(4 * at[0], 4 * at[1])), halo=2, scale=4)
        read: Read = x.read
        for block in RESIDUALS:
            kept = None if block == 1 else Plane(x.channels, x.height, x.width, x.dtype, x.device)
            y = self._residual(read, block, 1, kept)
            x = kept or x
            read = self._sum(x, *self._residual(self._styled(*y, block), block, 2, None), block)
        return read

    def _residual(self, read: Read, block: int, layer: int, kept: Plane | None) -> tuple[Plane, Statistics]:
        """One convolution of a block; what it reads is written to `kept` where there is one."""

        def compute(first: int, last: int) -> torch.Tensor:
            rows = read(first, last)
            if kept is not None:
                kept.write(first, rows)  # halos are written twice, and the same both times
            return self._network.convolve(rows, block, layer)

        return self._pass(compute, halo=1, scale=4)

    def _styled(self, plane: Plane, found: Statistics, block: int) -> Read:
        affine = self._manner[f"residual.{block}.conv1"]
        return lambda first, last: restyle(plane.read(first, last), affine, self._quarter(first, last), found).relu_()

    def _sum(self, x: Plane, plane: Plane, found: Statistics, block: int) -> Read:
        affine = self._manner[f"residual.{block}.conv2"]
        return lambda first, last: (
            x.read(first, last) + restyle(plane.read(first, last), affine, self._quarter(first, last), found)
        )

    def _phases(self, plane: Plane, found: Statistics, layer: str, scale: int) -> Read:
        def read(first: int, last: int) -> torch.Tensor:
            shares = self._places(first, last, scale)
            counting = None if shares is None else shares.half if scale == 4 else shares.full
            return restyle_phases(plane.read(first, last), self._manner[layer], counting, found).relu_()

        return read

    def _finish(self, plane: Plane, found: Statistics, write: Callable[[int, torch.Tensor], None]) -> None:
        affine = self._manner["expand.conv3"]
        for first, last in self._strips(plane.height, self._rows // 2):
            shares = self._places(first, last, 2)
            phases = plane.read(first, last).float()
            painted = restyle_phases(phases, affine, None if shares is None else shares.full, found).sigmoid_()
            write(2 * first, unfold_phases(painted))
        self._passed += 1

    def _pass(self, compute: Callable[[int, int], torch.Tensor], *, halo: int, scale: int) -> tuple[Plane, Statistics]:
        """Compute a layer strip by strip, each with `halo` rows above and below that are thrown away again.

        `scale` says how many of the picture's rows one row of what `compute` is asked for stands for. Where it gives
        back more rows than it was asked for, the layer is that much larger.
        """
        plane, found, height = None, RunningStatistics(), self._height // scale
        for first, last in self._strips(height, self._rows // scale):
            begin, end = max(0, first - halo), min(height, last + halo)
            computed = compute(begin, end)
            zoom = computed.shape[2] // (end - begin)
            computed = computed[:, :, (first - begin) * zoom : (last - begin) * zoom]
            if plane is None:
                _, channels, _, width = computed.shape
                plane = Plane(channels, height * zoom, width, computed.dtype, computed.device)
            plane.write(first * zoom, computed)
            found.add(computed)
        self._passed += 1
        assert plane is not None
        return plane, found.read()

    def _strips(self, height: int, rows: int) -> Iterator[tuple[int, int]]:
        for first in range(0, height, rows):
            last = min(first + rows, height)
            yield first, last
            self._going_on((self._passed + last / height) / PASSES)

    def _quarter(self, first: int, last: int) -> torch.Tensor | None:
        shares = self._places(first, last, 4)
        return None if shares is None else shares.quarter

    def _places(self, first: int, last: int, scale: int) -> Shares | None:
        return None if self._shares is None else Shares(self._shares(first * scale, last * scale))
