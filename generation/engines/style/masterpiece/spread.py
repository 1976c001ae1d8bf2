"""How numbers are spread along random directions, in the manner that is wanted and in a picture: sliced transport.

Along the activations of a layer (Heitz et al. 2021), and along small patches of the pixels themselves (Elnekave and
Weiss, "Generating Natural Images with Direct Patch Distributions Matching", 2022, https://arxiv.org/abs/2203.11862):
networks look past single pixels, and patches keep these as clean as the style's.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
from torch.nn import functional

from generation.engines.style.masterpiece import losses
from generation.engines.style.masterpiece.sampling import Grid, directions

FEWEST = 24  # places: a region that has fewer in a layer is too small there to have a manner
_PLACES = 2048  # of the picture, compared along each direction
_KEPT = 8192  # of a style's places
_DIRECTIONS = 32

Blend = Sequence[tuple[float, torch.Tensor]]  # shares that amount to one, and maps (c, any, any)


class Spread(ABC):
    """What is wanted of maps (c, h, w), in a region or everywhere; `draw` must be called before `error`."""

    def __init__(self, blend: Blend, size: tuple[int, int], cover: torch.Tensor | None) -> None:
        """Take the maps that are imitated.

        `size` is (h, w) of those to come; `cover` (h, w) says what belongs to the region, None: all.
        """
        self._blend = [(share, self._kept(maps)) for share, maps in blend]
        self._channels, self._device = blend[0][1].shape[0], blend[0][1].device
        self._size, self._cover = size, cover
        self._inside: torch.Tensor | None = None

    def draw(self, generator: torch.Generator) -> None:
        """Choose the places and directions along which it is compared."""
        self._grid = Grid.draw(*self._size, most=_PLACES, generator=generator)
        self._aim(generator)
        found = self._project(torch.zeros(self._channels, *self._size, device=self._device), self._grid)
        if self._cover is not None:
            self._inside = (self._middles(self._cover[None], self._grid)[: len(found), 0] > 0.5).nonzero()[:, 0]
            found = found[self._inside]
        self._ordered = self._wanted(len(found))

    def error(self, maps: torch.Tensor) -> torch.Tensor:
        """The sliced Wasserstein distance of maps (c, h, w), relative; nought in too small a region."""
        found = self._project(maps, self._grid)
        found = found if self._inside is None else found[self._inside]
        if len(found) < FEWEST:
            return maps.new_zeros(())
        return losses.sliced_distance(found, self._ordered)

    def _wanted(self, number: int) -> torch.Tensor:
        """The sorted values of the blend along each direction: (number, k), each picture with its share of them."""
        parts, given, shared = [], 0, 0.0
        for share, kept in self._blend:
            shared += share
            count = round(shared * number) - given
            given += count
            parts.append(
                losses.quantiles(self._project(kept, Grid.of_step(kept.shape[1], kept.shape[2], _KEPT)), count)
            )
        return torch.cat(parts).sort(dim=0).values

    @abstractmethod
    def _kept(self, maps: torch.Tensor) -> torch.Tensor:
        """What is remembered of maps that are imitated (c, any, any)."""

    @abstractmethod
    def _aim(self, generator: torch.Generator) -> None:
        """Draw the directions."""

    @abstractmethod
    def _project(self, maps: torch.Tensor, grid: Grid) -> torch.Tensor:
        """The numbers along each direction, at the places of a grid: (places, k)."""

    def _middles(self, maps: torch.Tensor, grid: Grid) -> torch.Tensor:
        """What lies in the middle of each place: (places, c)."""
        return grid.of(maps)


class LayerSpread(Spread):
    """Along the activations of a layer."""

    def _kept(self, maps: torch.Tensor) -> torch.Tensor:
        return Grid.of_step(maps.shape[1], maps.shape[2], _KEPT).of(maps).T[:, :, None].contiguous()

    def _aim(self, generator: torch.Generator) -> None:
        self._directions = directions(self._channels, _DIRECTIONS, generator, self._device)

    def _project(self, maps: torch.Tensor, grid: Grid) -> torch.Tensor:
        return grid.of(maps) @ self._directions


class PatchSpread(Spread):
    """Along square patches of a picture."""

    _SIDE = 7  # pixels

    def _kept(self, maps: torch.Tensor) -> torch.Tensor:
        return maps

    def _aim(self, generator: torch.Generator) -> None:
        drawn = directions(self._channels * self._SIDE**2, _DIRECTIONS, generator, self._device)
        self._filters = drawn.T.reshape(-1, self._channels, self._SIDE, self._SIDE)

    def _project(self, maps: torch.Tensor, grid: Grid) -> torch.Tensor:
        from_first = maps[None, :, grid.row :, grid.column :]
        return functional.conv2d(from_first, self._filters, stride=grid.step)[0].flatten(1).T

    def _middles(self, maps: torch.Tensor, grid: Grid) -> torch.Tensor:
        least = self._SIDE // 2
        inner = maps[:, least : maps.shape[1] - least, least : maps.shape[2] - least]
        return grid.of(inner)
