"""Flow fields: ribbons that follow an invisible current and never cross.

The kind of picture that Tyler Hobbs's Fidenza made famous, composed in our own way. From the broadest ribbon to the
finest line, each is laid only as far as it touches nothing laid before; what is left over is paper. Colours come in
neighbourhoods rather than at random, and glide along the broader ribbons.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from generation.engines.algorithmic.declarations import FlowFieldParameters
from generation.engines.algorithmic.noise import fractal_noise
from generation.engines.algorithmic.streamlines import STRIDE, Current, Points, Sheet, across
from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.colour import from_oklab, parse, ramp
from generation.engines.device import one_thread
from generation.engines.palettes import PALETTES, Palette
from generation.engines.pictures import to_image, to_tensor

_MARGIN = 0.075
_SHORTEST = 0.018  # a ribbon with room for less than this is not laid
_TOGETHER = 800  # candidates followed at once, before the next ones see what has been laid
_MOST_PIXELS = 3100  # of the enlarged drawing's longer side
_FINE = 0.004  # the breadth below which nobody sees the pieces that a ribbon is drawn in
_ACCENTS = 0.06  # the share of ribbons in the accent colour


class _Tier(NamedTuple):
    """Ribbons of one breadth."""

    breadth: float
    candidates: int
    steps: int  # the longest a path may run each way
    graded: bool  # whether its colour glides from one end to the other


_TIERS = (
    _Tier(0.0300, 110, 260, True),
    _Tier(0.0170, 320, 240, True),
    _Tier(0.0085, 1000, 200, True),
    _Tier(0.0042, 2800, 150, False),
    _Tier(0.0020, 5600, 110, False),
)


class FlowField(Engine[FlowFieldParameters]):
    """Make a current, lay ribbons along it, paint them."""

    @one_thread()
    @torch.inference_mode()
    def run(self, request: Request[FlowFieldParameters], context: Context) -> list[Artifact]:
        """Paint the flow field that the seed leads to; raises Cancelled."""
        parameters, generator = request.parameters, context.generator
        context.progress(0.0, stage="Reading the current")
        width, height = (side / parameters.size for side in parameters.dimensions)
        current = Current(width, height, parameters.turbulence, generator)
        sheet = Sheet(width, height, _MARGIN)
        pigments = _Pigments(width, height, PALETTES[parameters.palette], generator)
        easel = _Easel(parameters, generator)
        for number, tier in enumerate(_TIERS, start=1):
            breadth = tier.breadth * (0.4 + 1.2 * parameters.weight)
            gap = 0.0012 + 0.16 * breadth + 0.004 * (1 - parameters.density)
            left = round(tier.candidates * (0.35 + 1.1 * parameters.density))
            while left > 0:
                context.check_cancelled()
                starts = torch.rand(min(left, _TOGETHER), 2, generator=generator) * torch.tensor([width, height])
                left -= _TOGETHER
                hopeful = sheet.free(starts.numpy()) & pigments.wanted(starts.numpy(), parameters.density)
                for path in current.follow(starts[torch.from_numpy(hopeful)], tier.steps):
                    laid = sheet.lay(path, breadth, gap, shortest=max(_SHORTEST, 4 * breadth))
                    if laid is not None:
                        easel.paint(laid, breadth, pigments.choose(laid, tier.graded))
            if number < len(_TIERS):
                context.progress(number / (len(_TIERS) + 1), easel.picture(), "Laying ribbons")
        painting = easel.picture()
        context.progress(1.0, painting, "Dried")
        return [Artifact(image=painting)]


class _Pigments:
    """Which colour goes where: neighbours agree more often than not."""

    def __init__(self, width: float, height: float, palette: Palette, generator: torch.Generator) -> None:
        self._generator = generator
        shape = (round(128 * height), round(128 * width))
        self._quarter = fractal_noise(generator, *shape, cells=2.0, octaves=2).numpy()
        self._fullness = fractal_noise(generator, *shape, cells=1.7, octaves=3).numpy()
        self._colours = parse(palette.colours)
        self._accent = parse([palette.accent])[0]

    def wanted(self, points: Points, density: float) -> NDArray[np.bool_]:
        """Say where ribbons may begin: with less density, clearings open."""
        return np.less(self._read(self._fullness, points), 2.6 * density + 0.1)

    def choose(self, path: Points, graded: bool) -> NDArray[np.uint8]:
        """Choose a colour for every step of a ribbon: (n, 3)."""
        chance, jitter, glide, lift = torch.rand(4, generator=self._generator).tolist()
        quarter = float(self._read(self._quarter, path[len(path) // 2]))
        along = torch.linspace(-0.5, 0.5, len(path)) * (0.35 * (glide - 0.5) if graded else 0.0)
        lab = ramp(self._colours, 0.55 + 0.30 * quarter + 0.34 * (jitter - 0.5) + along)
        if chance < _ACCENTS:
            lab = torch.lerp(self._accent.expand_as(lab), lab, 0.12)
        lab[..., 0] += 0.04 * (lift - 0.5)
        return (from_oklab(lab) * 255).round().byte().numpy()

    @staticmethod
    def _read(field: NDArray[np.float32], points: Points) -> NDArray[np.float32]:
        cells = (points * 128).astype(np.int64)
        return field[np.clip(cells[..., 1], 0, field.shape[0] - 1), np.clip(cells[..., 0], 0, field.shape[1] - 1)]


class _Easel:
    """An enlarged drawing, made small at the end so that every edge is smooth."""

    def __init__(self, parameters: FlowFieldParameters, generator: torch.Generator) -> None:
        self._size = parameters.dimensions
        self._enlarged = max(1, min(3, _MOST_PIXELS // parameters.size))
        self._scale = parameters.size * self._enlarged
        palette = PALETTES[parameters.palette]
        width, height = self._size
        self._drawing = Image.new("RGB", (width * self._enlarged, height * self._enlarged), palette.ground)
        self._brush = ImageDraw.Draw(self._drawing)
        self._grain = fractal_noise(generator, height, width, cells=width / 4, octaves=2)

    def paint(self, path: Points, breadth: float, colours: NDArray[np.uint8]) -> None:
        """Draw one ribbon with round ends."""
        inset = min(round(breadth / 2 / STRIDE), (len(path) - 2) // 2)
        body, shades = path[inset : len(path) - inset], list(map(tuple, colours[inset : len(path) - inset].tolist()))
        reach = breadth / 2 * across(body)
        left, right = ((body + side * reach) * self._scale for side in (1, -1))
        piece = 2 if breadth > _FINE else 4  # steps
        for start in range(0, len(body) - 1, piece):
            end = min(start + piece, len(body) - 1) + 1
            outline = np.concatenate([left[start:end], right[start:end][::-1]])
            self._brush.polygon(list(map(tuple, outline.tolist())), fill=shades[start], outline=shades[start])
        for (x, y), shade in ((body[0] * self._scale, shades[0]), (body[-1] * self._scale, shades[-1])):
            self._brush.circle((float(x), float(y)), breadth / 2 * self._scale, fill=shade)

    def picture(self) -> Image.Image:
        """Give the drawing as it stands, on grained paper."""
        tensor = to_tensor(self._drawing.reduce(self._enlarged))
        return to_image(tensor + 0.006 * self._grain)
