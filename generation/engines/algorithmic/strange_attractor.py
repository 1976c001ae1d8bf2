"""Strange attractors: the density of one chaotic orbit, developed like a photograph.

The maps are Clifford Pickover's, Peter de Jong's and Johnny Svensson's. A crowd of points follows the same four
numbers; how often each pixel is visited becomes tone (logarithmically: an orbit visits some places a thousand times as
often as others), where the points were heading when they came through becomes colour. Numbers that give a dull picture
are passed over: an orbit must be chaotic (positive Lyapunov exponent) and must neither huddle nor fill the plane.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch

from generation.engines.algorithmic.declarations import StrangeAttractorParameters
from generation.engines.algorithmic.noise import blur, smoothstep
from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.colour import from_oklab, parse, ramp
from generation.engines.device import one_thread
from generation.engines.palettes import PALETTES, Palette
from generation.engines.pictures import to_image

_Plane = tuple[torch.Tensor, torch.Tensor]
_Map = Callable[[torch.Tensor, torch.Tensor, list[float]], _Plane]

_CROWD = 100_000  # points that move at once
_STEPS = 10  # that they take before they are counted: a million points in all
_SETTLING = 40  # steps before they count: by then every point is on the attractor
_MARGIN = 0.07
_TRIALS = 48  # sets of four numbers looked at; the best of those that pass is drawn
_PREVIEWS = 4


def _clifford(x: torch.Tensor, y: torch.Tensor, k: list[float]) -> _Plane:
    return torch.sin(k[0] * y) + k[2] * torch.cos(k[0] * x), torch.sin(k[1] * x) + k[3] * torch.cos(k[1] * y)


def _de_jong(x: torch.Tensor, y: torch.Tensor, k: list[float]) -> _Plane:
    return torch.sin(k[0] * y) - torch.cos(k[1] * x), torch.sin(k[2] * x) - torch.cos(k[3] * y)


def _svensson(x: torch.Tensor, y: torch.Tensor, k: list[float]) -> _Plane:
    return k[3] * torch.sin(k[0] * x) - torch.sin(k[1] * y), k[2] * torch.cos(k[0] * x) + torch.cos(k[1] * y)


# the map and the bounds within which its four numbers are drawn (with either sign)
_FAMILIES: dict[str, tuple[_Map, tuple[float, float, float, float], tuple[float, float, float, float]]] = {
    "clifford": (_clifford, (1.2, 1.2, 0.4, 0.4), (2.1, 2.1, 1.5, 1.5)),
    "de-jong": (_de_jong, (0.8, 0.8, 0.8, 0.8), (2.9, 2.9, 2.9, 2.9)),
    "svensson": (_svensson, (0.9, 0.9, 0.6, 0.6), (2.6, 2.6, 2.2, 2.2)),
}


@dataclass(frozen=True)
class _Orbit:
    """One map with its four numbers, and the part of the plane it lives in."""

    step: _Map
    numbers: list[float]
    centre: tuple[float, float]
    extent: tuple[float, float]
    interest: float


@dataclass(frozen=True)
class _Exposure:
    """What has been counted so far: visits a pixel, and the sum over them of a direction on the colour circle."""

    visits: torch.Tensor
    across: torch.Tensor
    along: torch.Tensor


class StrangeAttractor(Engine[StrangeAttractorParameters]):
    """Find four numbers worth looking at, follow millions of points, develop the plate."""

    @one_thread()
    @torch.inference_mode()
    def run(self, request: Request[StrangeAttractorParameters], context: Context) -> list[Artifact]:
        """Draw the attractor that the seed leads to; raises Cancelled."""
        parameters = request.parameters
        width, height = parameters.dimensions
        context.progress(0.0, stage="Looking for an orbit")
        orbit = _choose_orbit(parameters.family, context)
        x, y = (torch.rand(_CROWD, generator=context.generator) * 2 - 1 for _ in range(2))
        for _ in range(_SETTLING):
            x, y = orbit.step(x, y, orbit.numbers)
        plate = _Exposure(*(torch.zeros(height * width) for _ in range(3)))
        for million in range(1, parameters.points + 1):
            context.check_cancelled()
            x, y = _expose(plate, orbit, (x, y), (width, height), parameters.colouring)
            if million % max(1, parameters.points // _PREVIEWS) == 0 and million < parameters.points:
                picture = to_image(_develop(plate, (width, height), parameters))
                context.progress(million / (parameters.points + 1), picture, "Following the orbit")
        painting = to_image(_develop(plate, (width, height), parameters))
        context.progress(1.0, painting, "Developed")
        return [Artifact(image=painting)]


def _choose_orbit(family: str, context: Context) -> _Orbit:
    """Draw sets of numbers and keep the most interesting one that is chaotic."""
    best: _Orbit | None = None
    names = list(_FAMILIES)
    for _ in range(_TRIALS):
        context.check_cancelled()
        pick, *draws = torch.rand(9, generator=context.generator).tolist()
        step, low, high = _FAMILIES[names[int(pick * len(names))] if family == "any" else family]
        numbers = [
            (lo + (hi - lo) * size) * (1 if sign < 0.5 else -1)
            for lo, hi, size, sign in zip(low, high, draws[:4], draws[4:], strict=True)
        ]
        orbit = _survey(step, numbers)
        if best is None or orbit.interest > best.interest:
            best = orbit
    assert best is not None  # there is at least one trial
    return best


def _survey(step: _Map, numbers: list[float]) -> _Orbit:
    """Follow a small crowd for a while: where does it live, is it chaotic, is it worth looking at?"""
    grid = torch.linspace(-1, 1, 40)
    x, y = (axis.flatten() for axis in torch.meshgrid(grid, grid, indexing="ij"))
    for _ in range(_SETTLING):
        x, y = step(x, y, numbers)
    gap = 1e-4
    xs, ys, stretch = [], [], 0.0
    for _ in range(60):
        x2, y2 = step(x + gap, y, numbers)
        x, y = step(x, y, numbers)
        stretch += float((torch.hypot(x2 - x, y2 - y) / gap).clamp(min=1e-6).log().mean()) / 60
        xs.append(x)
        ys.append(y)
    every_x, every_y = torch.cat(xs), torch.cat(ys)
    (left, right), (bottom, top) = ((float(v.min()), float(v.max())) for v in (every_x, every_y))
    extent = (max(right - left, 1e-3), max(top - bottom, 1e-3))
    column = ((every_x - left) / extent[0] * 63.999).long()
    row = ((every_y - bottom) / extent[1] * 63.999).long()
    share = torch.bincount(row * 64 + column, minlength=64 * 64) / len(every_x)
    return _Orbit(step, numbers, ((left + right) / 2, (bottom + top) / 2), extent, _interest(share, stretch, extent))


def _interest(share: torch.Tensor, stretch: float, extent: tuple[float, float]) -> float:
    """Rate an orbit from how it spreads over a coarse grid; chaos is a condition, not a virtue."""
    covered = float((share > 0).float().mean())
    squat = min(extent) / max(extent)
    if stretch < 0.05 or covered < 0.15 or squat < 0.55:
        return covered * 0.01
    # between a few hard lines and an even fog: most cells visited, some of them much more than others
    contrast = float(share[share > 0].log().std())
    hoard = float(share.topk(20).values.sum())  # points caught in a corner leave nothing but a blot
    bells = ((covered, 0.6, 0.22), (contrast, 1.35, 0.45), (hoard, 0.0, 0.12))
    return math.sqrt(squat) * math.exp(-sum(((value - ideal) / width) ** 2 for value, ideal, width in bells))


def _expose(plate: _Exposure, orbit: _Orbit, points: _Plane, size: tuple[int, int], colouring: str) -> _Plane:
    """Move every point a few times and count where it lands."""
    (x, y), (width, height) = points, size
    scale = (1 - 2 * _MARGIN) * min(width / orbit.extent[0], height / orbit.extent[1])
    places, angles = [], []
    for _ in range(_STEPS):
        from_x, from_y = x, y
        x, y = orbit.step(x, y, orbit.numbers)
        column = ((x - orbit.centre[0]) * scale + width / 2).long().clamp_(0, width - 1)
        row = ((y - orbit.centre[1]) * scale + height / 2).long().clamp_(0, height - 1)
        places.append(row * width + column)
        if colouring == "heading":
            angles.append(torch.atan2(y - from_y, x - from_x))
        else:
            angles.append(torch.hypot(x - from_x, y - from_y) * (math.pi / max(orbit.extent)))
    place, angle = torch.cat(places), torch.cat(angles)
    plate.visits.add_(torch.bincount(place, minlength=width * height))
    plate.across.add_(torch.bincount(place, angle.cos(), minlength=width * height))
    plate.along.add_(torch.bincount(place, angle.sin(), minlength=width * height))
    return x, y


def _develop(plate: _Exposure, size: tuple[int, int], parameters: StrangeAttractorParameters) -> torch.Tensor:
    """Turn counts into a picture (1, 3, h, w)."""
    width, height = size
    visits, across, along = (field.view(height, width) for field in (plate.visits, plate.across, plate.along))
    few = torch.exp(-visits / 6)  # where few points came, look at a neighbourhood rather than at grains
    softened = [torch.lerp(field, blur(field, 1.1 * width / 1024 + 0.3), few) for field in (visits, across, along)]
    visits, across, along = softened
    bright = float(visits.flatten().topk(max(1, visits.numel() // 500)).values[-1]) + 1e-6
    strength = 10 ** (0.8 + 2.4 * parameters.exposure)
    tone = (torch.log1p(visits / bright * strength) / math.log1p(strength)).clamp(max=1.12)
    heading = torch.atan2(blur(along, 1.0), blur(across, 1.0))
    return _tint(tone, heading, PALETTES[parameters.palette])


def _tint(tone: torch.Tensor, heading: torch.Tensor, palette: Palette) -> torch.Tensor:
    """Give tone the palette's lightness, and let the heading lean its hue towards the accent."""
    colours = parse([palette.ground, *palette.colours])
    lab = ramp(colours, tone / 1.12)
    accent = parse([palette.accent])[0]
    lean = smoothstep(torch.cos(heading - 0.6), 0.15, 1.0) * smoothstep(tone, 0.05, 0.5) * 0.85
    # the accent's hue at the ramp's own lightness, paler towards both ends, where colour has no room
    room = (1 - (2 * lab[..., :1] - 1).abs()).clamp(0, 1) ** 0.5
    lab[..., 1:] = torch.lerp(lab[..., 1:], accent[1:] * room * 1.15, lean[..., None])
    return from_oklab(lab).permute(2, 0, 1)[None]
