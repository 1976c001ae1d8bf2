"""The transformer for pictures of any size: layer by layer and strip by strip, with the statistics of the whole.

A normalisation needs the mean and variance of its channel over the whole picture before a single pixel can go on. So
each layer is one pass over the picture: a strip of the layer before is read from disk with as many rows around it as
the kernel reaches (its halo), normalised by what the pass before found, convolved, and written; the statistics of what
was written are gathered on the way. Strips are as wide as the picture. Nothing is approximated and nothing computed
otherwise than at once, so that on a processor the bytes are the same.
"""

from collections.abc import Callable, Iterator, Mapping

import torch

from generation.engines.style.enlarging import MULTIPLE
from generation.engines.style.folding import unfold_phases
from generation.engines.style.normalising import Manner, RunningStatistics, Shares, Statistics, restyle
from generation.engines.style.planes import Plane
from generation.engines.style.transformer import RESIDUALS, StyleTransformer, rows, together

Read = Callable[[int, int], torch.Tensor]  # rows `first` to `last`, not included
Write = Callable[[int, torch.Tensor], None]
PASSES = 1 + 2 * len(RESIDUALS) + 3 + 1
LEAST_ROWS = 2 * MULTIPLE


def paint(
    transformer: StyleTransformer, style: torch.Tensor, picture: Read, write: Write, *,
    height: int, strip: int, shares: Read | None, going_on: Callable[[float], None],
) -> None:  # fmt: skip
    """Do what the transformer does with a picture in one style (1, 100), or with `shares` in k styles (k, 100).

    Its `height` rows (1, 3, n, w) in 0..1, a multiple of four, are read about `strip` at a time, and written painted,
    from the top down; `shares` reads (k, n, w) of the same. `going_on` hears after every strip what fraction of the
    work is done, and may raise to stop it.
    """
    manner, known = transformer.manner(style), None
    rounds = 1 if shares is None else len(style) + 1
    if shares is not None:
        found = []
        for row in range(len(style)):
            progress = _part(going_on, row, rounds)
            alone = _Stream(transformer, rows(manner, row), height=height, strip=strip, going_on=progress)
            alone.run(picture, None)
            found.append(alone.found)
        known = together(found)
    stream = _Stream(
        transformer, manner, height=height, strip=strip, going_on=_part(going_on, rounds - 1, rounds), known=known,
        shares=shares,
    )  # fmt: skip
    stream.run(picture, write)


def _part(going_on: Callable[[float], None], number: int, of: int) -> Callable[[float], None]:
    return lambda fraction: going_on((number + fraction) / of)


class _Stream:
    """One picture on its way through the network."""

    def __init__(
        self, transformer: StyleTransformer, manner: Manner, *, height: int, strip: int,
        going_on: Callable[[float], None], known: Mapping[str, Statistics] | None = None, shares: Read | None = None,
    ) -> None:  # fmt: skip
        self._network, self._manner, self._shares, self._going_on = transformer, manner, shares, going_on
        self._known, self._height = known, height
        self._strip = max(LEAST_ROWS, strip // LEAST_ROWS * LEAST_ROWS)
        self._passed = 0
        self.found: dict[str, Statistics] = {}  # by the layer, for as far as it has come

    def run(self, picture: Read, write: Write | None) -> None:
        """Go through all layers; where nothing is to be written, to find the statistics alone."""
        network = self._network
        read = self._residuals(picture)
        # What was read from before is let go of with each assignment: its files are the largest things here.
        read = self._layer("expand.conv1", lambda *at: network.enlarge(read(*at)), halo=1, scale=4)
        read = self._layer("expand.conv2", lambda *at: network.enlarge_phases(read(*at)), halo=1, scale=4, zoom=2)
        read = self._layer("expand.conv3", lambda *at: network.colour(read(*at)), halo=2, scale=2)
        if write is not None:
            for first, last in self._strips(2):
                write(2 * first, unfold_phases(read(first, last)))

    def _residuals(self, picture: Read) -> Read:
        network = self._network
        x, _ = self._pass(lambda *at: network.contract(picture(4 * at[0], 4 * at[1])), halo=2, scale=4)
        read: Read = x.read
        for block in RESIDUALS:
            kept = None if block == 1 else Plane(x.channels, x.height, x.width, x.dtype, x.device)
            inner = self._layer(f"residual.{block}.conv1", self._convolution(read, block, 1, kept), halo=1, scale=4)
            x = kept or x
            outer = self._layer(f"residual.{block}.conv2", self._convolution(inner, block, 2), halo=1, scale=4)
            read = _sum(x, outer)
        return read

    def _convolution(self, read: Read, block: int, layer: int, kept: Plane | None = None) -> Read:
        """One convolution of a block; what it reads is written to `kept` where there is one."""

        def compute(first: int, last: int) -> torch.Tensor:
            x = read(first, last)
            if kept is not None:
                kept.write(first, x)  # halos are written twice, and the same both times
            return self._network.convolve(x, block, layer)

        return compute

    def _layer(self, layer: str, compute: Read, *, halo: int, scale: int, zoom: int = 1) -> Read:
        """Compute a convolution to disk; what is read of it then is normalised, styled and, where it is, rectified."""
        plane, gathered = self._pass(compute, halo=halo, scale=scale)
        self.found[layer] = gathered.read(layer)
        found = (self._known or self.found)[layer]
        affine, stands_for = self._manner[layer], scale // zoom

        def read(first: int, last: int) -> torch.Tensor:
            x = plane.read(first, last)
            shares = self._shares and Shares(self._shares(first * stands_for, last * stands_for))
            if layer == "expand.conv3":
                return restyle(layer, x.float(), affine, found, shares).sigmoid_()
            styled = restyle(layer, x, affine, found, shares)
            return styled if layer.startswith("residual") and layer.endswith("conv2") else styled.relu_()

        return read

    def _pass(self, compute: Read, *, halo: int, scale: int) -> tuple[Plane, RunningStatistics]:
        """Compute a layer strip by strip, each with `halo` rows above and below that are thrown away again.

        `scale` says how many of the picture's rows one row of what `compute` is asked for stands for. Where it gives
        back more rows than it was asked for, the layer is that much larger.
        """
        plane, gathered, height = None, RunningStatistics(), self._height // scale
        for first, last in self._strips(scale):
            begin, end = max(0, first - halo), min(height, last + halo)
            computed = compute(begin, end)
            zoom = computed.shape[2] // (end - begin)
            computed = computed[:, :, (first - begin) * zoom : (last - begin) * zoom]
            if plane is None:
                _, channels, _, width = computed.shape
                plane = Plane(channels, height * zoom, width, computed.dtype, computed.device)
            plane.write(first * zoom, computed)
            gathered.add(computed)
        assert plane is not None
        return plane, gathered

    def _strips(self, scale: int) -> Iterator[tuple[int, int]]:
        height, strip = self._height // scale, self._strip // scale
        for first in range(0, height, strip):
            last = min(first + strip, height)
            yield first, last
            self._going_on((self._passed + last / height) / PASSES)
        self._passed += 1


def _sum(x: Plane, read: Read) -> Read:
    return lambda first, last: x.read(first, last) + read(first, last)
