"""Reaction and diffusion: Gray and Scott's two substances, grown across the sheet and lit like a carving.

Gray, Scott 1984; the regimes are named after Pearson, "Complex patterns in a simple system", 1993. One substance is fed
everywhere, the other eats it, multiplies and decays. Feed and decay differ from place to place, so one sheet passes
through several of Pearson's regimes, and near its edge nothing can live. The chemistry is smooth, so it is solved on a
coarse grid and enlarged; what is drawn is not the concentration alone but a surface: its slope catches the light, and
the moment at which each place came alive chooses its colour.
"""

from dataclasses import dataclass

import torch
from torch.nn import functional

from generation.engines.algorithmic.declarations import ReactionDiffusionParameters
from generation.engines.algorithmic.noise import blur, fractal_noise, smoothstep
from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.colour import from_oklab, parse, ramp
from generation.engines.device import one_thread
from generation.engines.palettes import PALETTES
from generation.engines.pictures import to_image

# feed and decay of each pattern, and where they drift to across the sheet
_CHEMISTRY: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "coral": ((0.0545, 0.0620), (0.0420, 0.0610)),
    "labyrinth": ((0.0290, 0.0570), (0.0370, 0.0600)),
    "cells": ((0.0300, 0.0620), (0.0310, 0.0575)),
    "worms": ((0.0540, 0.0630), (0.0460, 0.0630)),
    "lace": ((0.0390, 0.0580), (0.0300, 0.0560)),
}
_SPREAD_FOOD, _SPREAD_LIFE = 0.14, 0.07  # how far each substance diffuses in one step
_HANDFULS = {"coral": 14, "labyrinth": 12, "cells": 40, "worms": 55, "lace": 9}  # what grows slowly is sown thickly
_STEPS = 4800
_LOOK_EVERY = 80  # steps between looks at what is alive and at whether to go on
_PREVIEW_EVERY = 1200
_ALIVE = 0.15  # concentration above which a place counts as alive
_CLEAN_EVERY, _TRACE = 20, 1e-10  # traces are wiped away: processors are slow with the tiniest numbers


@dataclass(frozen=True)
class _Culture:
    """The state of the chemistry: two substances, and when each place first came alive (in 0..1)."""

    substances: torch.Tensor  # (2, h + 2, w + 2): food and life, with a rim where there is food and no life
    born: torch.Tensor  # (h, w)

    @property
    def life(self) -> torch.Tensor:
        """The second substance, without the rim."""
        return self.substances[1, 1:-1, 1:-1]


class ReactionDiffusion(Engine[ReactionDiffusionParameters]):
    """Sow, grow, light."""

    @one_thread()
    @torch.inference_mode()
    def run(self, request: Request[ReactionDiffusionParameters], context: Context) -> list[Artifact]:
        """Grow the pattern that the seed leads to; raises Cancelled."""
        parameters = request.parameters
        width, height = parameters.dimensions
        cells = round(440 - 260 * parameters.scale)
        grid = (round(cells * height / parameters.size), round(cells * width / parameters.size))
        context.progress(0.0, stage="Sowing")
        feed, decay = _climate(grid, parameters, context.generator)
        culture = _sow(grid, _HANDFULS[parameters.pattern], context.generator)
        paper = fractal_noise(context.generator, height, width, cells=width / 5, octaves=2)
        for step in range(0, _STEPS, _LOOK_EVERY):
            _grow(culture, feed, decay)
            culture.born[(culture.born >= 1) & (culture.life > _ALIVE)] = step / _STEPS
            context.check_cancelled()
            if step and step % _PREVIEW_EVERY == 0:
                picture = to_image(_light(culture, paper, parameters))
                context.progress(0.9 * step / _STEPS, picture, "Growing")
        painting = to_image(_light(culture, paper, parameters))
        context.progress(1.0, painting, "Lit")
        return [Artifact(image=painting)]


def _climate(
    grid: tuple[int, int], parameters: ReactionDiffusionParameters, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Spread feed and decay over the sheet: drifting across it, deadly near an uneven edge."""
    height, width = grid
    drift = smoothstep(fractal_noise(generator, height, width, cells=2.2, octaves=3), -1.3, 1.3) * parameters.variation
    (feed, decay), (other_feed, other_decay) = _CHEMISTRY[parameters.pattern]
    y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    ragged = fractal_noise(generator, height, width, cells=4, octaves=3) * (0.02 + 0.10 * parameters.variation)
    edge = (x.abs() ** 5 + y.abs() ** 5) ** 0.2
    barren = torch.maximum(smoothstep(edge + ragged, 0.78, 0.90), smoothstep(edge, 0.86, 0.92))
    return torch.lerp(torch.tensor(feed), torch.tensor(other_feed), drift), (
        torch.lerp(torch.tensor(decay), torch.tensor(other_decay), drift) + 0.02 * barren
    )


def _sow(grid: tuple[int, int], about: int, generator: torch.Generator) -> _Culture:
    """Fill the sheet with food and drop about so many handfuls of life on it."""
    height, width = grid
    substances = torch.tensor([1.0, 0.0]).repeat(height + 2, width + 2, 1).permute(2, 0, 1).contiguous()
    food, life = substances[:, 1:-1, 1:-1]
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    handfuls = int(torch.randint(about * 3 // 4, about * 3 // 2, (), generator=generator))
    for row, column, size in torch.rand(handfuls, 3, generator=generator).tolist():
        centre_y, centre_x = (0.18 + 0.64 * row) * height, (0.18 + 0.64 * column) * width
        inside = (y - centre_y) ** 2 + (x - centre_x) ** 2 < (4 + 3 * size) ** 2
        food[inside], life[inside] = 0.6, 0.35
    life += 0.02 * torch.rand(grid, generator=generator) * (life > 0)
    return _Culture(substances, torch.ones(grid))


def _grow(culture: _Culture, feed: torch.Tensor, decay: torch.Tensor) -> None:
    """Let the chemistry run for a while, in place."""
    state, inner = culture.substances, culture.substances[:, 1:-1, 1:-1]
    spread = torch.tensor([_SPREAD_FOOD, _SPREAD_LIFE]).view(2, 1, 1)
    stays = 1 - torch.stack([feed, feed + decay]) - 4 * spread
    around, gained = torch.empty_like(stays), torch.empty_like(stays)
    for step in range(_LOOK_EVERY):
        torch.add(state[:, :-2, 1:-1], state[:, 2:, 1:-1], out=around)
        around.add_(state[:, 1:-1, :-2]).add_(state[:, 1:-1, 2:])
        torch.mul(inner[1], inner[1], out=gained[1]).mul_(inner[0])  # what life eats, and turns into itself
        torch.sub(feed, gained[1], out=gained[0])
        inner.mul_(stays).addcmul_(around, spread).add_(gained)
        if step % _CLEAN_EVERY == 0:
            inner[1].mul_(inner[1] > _TRACE)


def _light(culture: _Culture, paper: torch.Tensor, parameters: ReactionDiffusionParameters) -> torch.Tensor:
    """Draw the culture as a coloured surface in raking light: (1, 3, h, w)."""
    height, width = paper.shape
    coarse = torch.stack([culture.life, blur(culture.born, 4)])[None]
    life, born = functional.interpolate(coarse, size=(height, width), mode="bicubic")[0]
    body = smoothstep(life, 0.08, 0.24)
    relief = blur(smoothstep(life, 0.02, 0.36), width / 700)
    colours = parse([PALETTES[parameters.palette].ground, *PALETTES[parameters.palette].colours])
    # early growth takes the colours furthest from the ground, late growth the nearer ones
    depth = 1 - smoothstep(born, 0.0, 0.75)
    position = body * (0.30 + 0.45 * depth + 0.25 * relief)
    lab = ramp(colours, position + 0.004 * paper)
    accent = parse([PALETTES[parameters.palette].accent])[0]
    first = smoothstep(depth, 0.82, 1.0) * body
    lab = torch.lerp(lab, accent.expand_as(lab), (0.75 * first)[..., None])
    shade, shine = _shading(relief, width)
    lab[..., 0] += parameters.relief * (0.20 * shade * (0.35 + 0.65 * body) + 0.16 * shine * body) + 0.004 * paper
    return from_oklab(lab).permute(2, 0, 1)[None]


def _shading(relief: torch.Tensor, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Light the relief from the upper left: how much each place is turned to the light, and where it gleams."""
    steepness = width / 26
    slope_y, slope_x = torch.gradient(relief * steepness)
    norm = torch.sqrt(slope_x**2 + slope_y**2 + 1)
    towards = functional.normalize(torch.tensor([-0.55, -0.60, 0.58]), dim=0)
    lit = (-slope_x * towards[0] - slope_y * towards[1] + towards[2]) / norm
    half = functional.normalize(towards + torch.tensor([0.0, 0.0, 1.0]), dim=0)
    gleam = ((-slope_x * half[0] - slope_y * half[1] + half[2]) / norm).clamp(min=0) ** 48
    flat_gleam = float(half[2]) ** 48
    return lit - towards[2], (gleam - flat_gleam).clamp(min=0)
