"""Texture optimisation: every patch of the result made like one of the exemplar's, from coarse to fine.

Kwatra, Essa, Bobick, Kwatra, "Texture optimization for example-based synthesis", SIGGRAPH 2005, with three things
learnt since. Patches are searched for as in PatchMatch (Barnes et al. 2009): by what the neighbours found, and at
random. They are compared in the few dimensions that tell most of them apart. And a place of the exemplar that is used
often costs more (Kaspar et al., "Self tuning texture optimization", 2015), so that no part of it takes over. Where
patches disagree, pixels follow the majority rather than the mean, which keeps them sharp.

It begins with a quilt of the coarsest copy. As that tells places rather than colours, each finer level starts sharp.
"""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional

from generation.engines.texture.quilting import quilt

PATCH = 8  # pixels a side at every level
_COARSEST_BLOCK = 12  # about what the blocks of the quilt measure that it begins with
_STEP = 2  # pixels between patches
_ROUNDS = (8, 5, 4)  # of searching and voting at the coarsest level, the next, and all others
_DIMENSIONS = 24  # of a patch, once it is described
_SAMPLED = 8_000  # patches of the exemplar that say which dimensions matter
_JUMPS = (1, 4)  # patches away from which a find is taken over
_AT_ONCE = 1 << 15  # patches compared at once: their numbers fit a processor's cache
_MAJORITY = 0.06  # colours (in 0..1) this far apart vote for different things
_LEAST_SIDE = 4 * PATCH  # no level's exemplar is narrower

Heard = Callable[[float, Tensor], None]
Pause = Callable[[], None]


def refine(
    exemplar: Tensor,
    side: int,
    block: int,
    generator: torch.Generator,
    *,
    tiling: bool,
    variation: float,
    heard: Heard,
    pause: Pause,
) -> Tensor:
    """Grow a texture (3, side, side) from an exemplar (3, h, w) whose structures fit into `block` pixels.

    `heard` is told the share of the work done and the picture so far; `pause` is called often, and may raise to stop.
    Works on the exemplar's device.
    """
    narrow = min(*exemplar.shape[1:])
    levels = max(
        0, min(round(math.log2(max(1.0, block / _COARSEST_BLOCK))), int(math.log2(max(1, narrow // _LEAST_SIDE))))
    )
    places: Tensor | None = None
    costs = [4.0**-level * _ROUNDS[min(levels - level, len(_ROUNDS) - 1)] for level in range(levels, -1, -1)]
    for nth, level in enumerate(range(levels, -1, -1)):
        smaller = functional.avg_pool2d(exemplar[None], 2**level)[0] if level else exemplar
        canvas = _Canvas(smaller, math.ceil(side / 2**level), generator, pause, tiling=tiling, variation=variation)
        places = canvas.begun(block // 2**level) if places is None else canvas.doubled(places)
        rounds = _ROUNDS[min(nth, len(_ROUNDS) - 1)]
        picture = canvas.vote(places)
        for turn in range(rounds):
            places = canvas.search(places, picture)
            picture = canvas.vote(places)
            done = sum(costs[:nth]) + costs[nth] * (turn + 1) / rounds
            heard(done / sum(costs), canvas.cropped(picture))
    return canvas.cropped(picture)


class _Canvas:
    """One level: an exemplar, and a result on which patches stand every few pixels.

    Where the result tiles, patches wrap round its edges; where not, all of them lie inside it. `places` (n, m, 2) says
    for each patch at which row and column of the exemplar its upper left corner is found.
    """

    def __init__(
        self, exemplar: Tensor, side: int, generator: torch.Generator, pause: Pause, *, tiling: bool, variation: float
    ) -> None:
        self._pause = pause
        self._exemplar, self._side, self._generator = exemplar, side, generator
        self._tiling, self._variation = tiling, variation
        self._device = exemplar.device
        self._count = math.ceil((side if tiling else max(side - PATCH, 0)) / _STEP) + (not tiling)
        self._extent = (self._count - 1) * _STEP + PATCH
        self._most = torch.tensor([length - PATCH for length in exemplar.shape[1:]], device=self._device)
        self._columns = int(self._most[1]) + 1
        self._colours = exemplar.permute(1, 2, 0).reshape(-1, 3).contiguous()
        self._basis = _basis(exemplar, generator)
        self._known = self._described(exemplar[None], 1)

    def begun(self, block: int) -> Tensor:
        """Begin with a quilt of this level's exemplar."""
        exemplar = self._exemplar.cpu()
        laid = quilt(
            exemplar,
            self._side,
            max(PATCH, block),
            self._generator,
            tiling=self._tiling,
            variation=self._variation,
            laid=lambda *_: self._pause(),
        ).places
        at = torch.arange(self._count) * _STEP + PATCH // 2
        at = at % self._side if self._tiling else at.clamp(max=self._side - 1)
        centres = laid[at[:, None], at].to(self._device)
        width = exemplar.shape[2]
        return self._inside(torch.stack([centres // width, centres % width], -1) - PATCH // 2)

    def doubled(self, places: Tensor) -> Tensor:
        """Carry the places of the next coarser level over to this one."""
        at = torch.arange(self._count, device=self._device) * _STEP
        nearest = (at // 2 // _STEP).clamp(max=len(places) - 1)
        rest = at - 2 * _STEP * nearest
        found = places[nearest[:, None], nearest] * 2
        return self._inside(found + torch.stack(torch.meshgrid(rest, rest, indexing="ij"), -1))

    def vote(self, places: Tensor) -> Tensor:
        """Lay all patches over one another: (3, side, side); first their mean, then what most of them agree on."""
        mean = self._laid(places, None)
        return self._laid(places, mean)

    def search(self, places: Tensor, picture: Tensor) -> Tensor:
        """Find for each patch of the picture a place of the exemplar that is more like it than the one it has."""
        wanted = self._described(self._wrapped(picture)[None], _STEP)
        price = self._price(places, wanted)
        best = self._costs(places, wanted, price)
        for candidates in self._candidates(places):
            self._pause()
            costs = self._costs(candidates, wanted, price)
            better = costs < best
            best = torch.where(better, costs, best)
            places = torch.where(better[..., None], candidates, places)
        return places

    def cropped(self, picture: Tensor) -> Tensor:
        """Cut off what was only needed for patches to lie inside."""
        return picture[:, : self._side, : self._side]

    def _laid(self, places: Tensor, mean: Tensor | None) -> Tensor:
        total = torch.zeros(self._extent, self._extent, 3, device=self._device)
        weights = torch.zeros(self._extent, self._extent, 1, device=self._device)
        guess = None if mean is None else self._wrapped(mean).permute(1, 2, 0).contiguous()
        width, reach = self._exemplar.shape[2], (self._count - 1) * _STEP + 1
        corner = places[..., 0] * width + places[..., 1]
        for down in range(PATCH):
            self._pause()
            for right in range(PATCH):
                spot = slice(down, down + reach, _STEP), slice(right, right + reach, _STEP)
                colours = self._colours[corner + (down * width + right)]
                weight = torch.full_like(colours[..., :1], _falloff(down) * _falloff(right))
                if guess is not None:
                    apart = (colours - guess[spot]).square().sum(-1, keepdim=True)
                    weight = weight * torch.exp(apart / (-2 * _MAJORITY**2)).clamp(min=1e-6)
                total[spot] += colours * weight
                weights[spot] += weight
        if self._tiling:
            total, weights = self._folded(total), self._folded(weights)
        return (total / weights).permute(2, 0, 1)

    def _wrapped(self, picture: Tensor) -> Tensor:
        """Repeat a tiling picture beyond its edges, as far as patches reach; others are as large already."""
        around = self._extent - picture.shape[1]
        return functional.pad(picture[None], (0, around, 0, around), mode="circular")[0] if around > 0 else picture

    def _folded(self, field: Tensor) -> Tensor:
        """Add what stands out beyond the edges to where it comes in again."""
        side = self._side
        for _ in range(2):
            inner = field[:side].clone()
            for start in range(side, len(field), side):
                rest = field[start : start + side]
                inner[: len(rest)] += rest
            field = inner.transpose(0, 1)
        return field

    def _described(self, pictures: Tensor, step: int) -> Tensor:
        """Describe every patch of a picture by its strongest dimensions: (n, m, d)."""
        return functional.conv2d(pictures, self._basis, stride=step)[0].permute(1, 2, 0).contiguous()

    def _price(self, places: Tensor, wanted: Tensor) -> Tensor:
        """What each place of the exemplar costs for being used by many patches already."""
        flat = (places[..., 0] * self._columns + places[..., 1]).flatten()
        used = torch.bincount(flat, minlength=self._known[..., 0].numel()).float()
        used = used.view(1, 1, -1, self._columns)
        spread = functional.avg_pool2d(used, PATCH + 1, 1, PATCH // 2, count_include_pad=False)[0, 0]
        apart = self._distances(places, wanted).mean()
        return (spread / spread.mean()).clamp(max=8) * (0.05 + 0.8 * self._variation) * apart

    def _costs(self, places: Tensor, wanted: Tensor, price: Tensor) -> Tensor:
        return self._distances(places, wanted) + price[places[..., 0], places[..., 1]]

    def _distances(self, places: Tensor, wanted: Tensor) -> Tensor:
        known, flat = self._known.flatten(0, 1), (places[..., 0] * self._columns + places[..., 1]).flatten()
        described = wanted.flatten(0, 1)
        apart = [
            (known.index_select(0, flat[at : at + _AT_ONCE]) - described[at : at + _AT_ONCE]).square_().sum(1)
            for at in range(0, len(flat), _AT_ONCE)
        ]
        return torch.cat(apart).view(places.shape[:2])

    def _candidates(self, places: Tensor) -> Iterator[Tensor]:
        """Give other places for each patch: what goes with its neighbours' finds, then random ones ever nearer."""
        for jump in _JUMPS:
            for dim, sign in ((0, 1), (0, -1), (1, 1), (1, -1)):
                found = torch.roll(places, sign * jump, dim)
                found[..., dim] += sign * jump * _STEP
                yield self._inside(found)
        radius = float(self._most.max())
        while radius >= 1:
            lengths = (torch.rand(*places.shape, generator=self._generator) * 2 - 1) * radius
            yield self._inside(places + lengths.round().long().to(self._device))
            radius /= 3

    def _inside(self, places: Tensor) -> Tensor:
        return torch.minimum(places.clamp(min=0), self._most)


def _falloff(at: int) -> float:
    """How much a patch has to say at a pixel, in one direction: most in its middle."""
    return math.exp(-0.5 * ((at - (PATCH - 1) / 2) / (PATCH / 4)) ** 2)


def _basis(exemplar: Tensor, generator: torch.Generator) -> Tensor:
    """The dimensions (d, 3, PATCH, PATCH) in which an exemplar's patches differ most, scaled to mean squares."""
    height, width = exemplar.shape[1:]
    corners = torch.stack(
        [torch.randint(length - PATCH + 1, (_SAMPLED, 1), generator=generator) for length in (height, width)]
    )
    down, right = torch.meshgrid(torch.arange(PATCH), torch.arange(PATCH), indexing="ij")
    pixels = (corners[0] + down.flatten()) * width + corners[1] + right.flatten()  # (n, PATCH²)
    patches = exemplar.flatten(1)[:, pixels.to(exemplar.device)].transpose(0, 1).flatten(1)  # (n, 3 * PATCH²)
    centred = (patches - patches.mean(0)).double()
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    axes: Tensor = vectors[:, -_DIMENSIONS:].T.float().reshape(-1, 3, PATCH, PATCH)
    return axes / math.sqrt(patches.shape[1])
