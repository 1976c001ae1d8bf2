"""Makes a picture of a drawing: a ground, the areas coloured like watercolour, and the lines over them.

numpy and Pillow alone, so that the web process can show somebody at once what a painter will be given.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from generation.engines.palettes import PALETTES, Palette
from generation.engines.scribble.grounds import Pixels, clouds, lay_ground, mix, read_colour
from generation.engines.scribble.library import Area, Line
from generation.engines.scribble.regions import Mask, regions_of
from generation.engines.scribble.strokes import Points, Stroke, bounds, flatten, lengths, resample
from generation.engines.scribble.subjects import Subject, subject_of

if TYPE_CHECKING:
    from generation.engines.scribble.declarations import ScribbleParameters

_TIMES = 2  # masks are drawn so much larger and made smaller, for smooth edges
_ROOM = 0.74  # of the side, for the drawing
_LOW = 0.53  # where its middle comes
_SHIFT = 0.006  # how far the colours sit beside the lines, as in a print
_WIDTHS = {"brush": 0.021, "ink": 0.012, "pencil": 0.006}  # of the side
_LIGHT = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def paint(parameters: "ScribbleParameters", generator: np.random.Generator) -> Iterator[Image.Image]:
    """Paint what was asked for: yields the ground, then the colours on it, then the whole, each `size` square."""
    side, palette = parameters.size, PALETTES[parameters.palette]
    subject = _placed(subject_of(parameters))
    pixels = lay_ground(parameters.ground, palette, side, generator)
    yield _image(pixels)
    for mask, colour in _coloured(subject, palette, parameters.colours, side):
        pixels = _washed(pixels, colour, mask, generator)
    yield _image(pixels)
    cover = _drawn(subject.lines, parameters.manner, side, generator)
    yield _image(mix(pixels, _ink(palette), cover))


def _placed(subject: Subject) -> Subject:
    """The subject scaled into its room."""
    least, greatest = bounds([flatten(line.curve) for line in subject.lines])
    scale = _ROOM / float((greatest - least).max())
    offset = np.array([0.5, _LOW]) - (least + greatest) / 2 * scale
    lines = tuple(Line(line.curve * scale + offset, line.is_solid) for line in subject.lines)
    areas = tuple(Area(tuple(ring * scale + offset for ring in area.rings), area.colour) for area in subject.areas)
    return Subject(lines, areas)


def _coloured(subject: Subject, palette: Palette, colours: str, side: int) -> Iterator[tuple[Mask, Pixels]]:
    """What is coloured, in order, and how: the drawing's own areas, or what its lines enclose."""
    if not subject.areas:
        hues = [palette.colours[2], palette.colours[0], palette.accent, palette.colours[3], palette.colours[1]]
        for at, mask in enumerate(regions_of([flatten(line.curve) for line in subject.lines], side)):
            yield mask, read_colour(hues[at % len(hues)])
        return
    chosen = {area.colour: read_colour(area.colour) for area in subject.areas}
    if colours == "palette":
        chosen = _translated(subject.areas, palette)
    for area in subject.areas:
        yield _filled(area.rings, side), chosen[area.colour]


def _translated(areas: Sequence[Area], palette: Palette) -> dict[str, Pixels]:
    """A colour of the palette for each of a drawing's: lightness keeps its order, the most vivid is the accent."""
    own = sorted({area.colour for area in areas}, key=lambda colour: float(read_colour(colour) @ _LIGHT))
    offered = sorted(palette.colours, key=lambda colour: float(read_colour(colour) @ _LIGHT))
    if len(own) == 1:
        return {own[0]: read_colour(palette.accent)}
    at = np.linspace(0.8, len(offered) - 1, len(own))
    found = {colour: read_colour(offered[round(where)]) for colour, where in zip(own, at, strict=True)}
    vivid = max(own, key=lambda colour: float(np.ptp(read_colour(colour))))
    if np.ptp(read_colour(vivid)) > 0.4:
        found[vivid] = read_colour(palette.accent)
    return found


def _filled(rings: Sequence[Points], side: int) -> Mask:
    """The inside of rings by the even-odd rule, a little beside its lines."""
    size = (side * _TIMES,) * 2
    whole = Image.new("1", size)
    for ring in rings:
        one = Image.new("1", size)
        ImageDraw.Draw(one).polygon([tuple(point) for point in (flatten(ring) + _SHIFT) * size[0]], fill=1)
        whole = ImageChops.logical_xor(whole, one)
    return _smaller(whole.convert("L"), side)


def _washed(below: Pixels, colour: Pixels, mask: Mask, generator: np.random.Generator) -> Pixels:
    """Lay a colour like water colour: uneven, and deeper towards its edge."""
    side = len(below)
    small = Image.fromarray((mask * 255).astype(np.uint8)).resize((64, 64), Image.Resampling.BOX)
    wide = np.asarray(small.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float32) / 255
    flow = clouds(side, generator, coarsest=5, octaves=3)
    depth = 0.12 * (1 - wide) + 0.025 * flow
    tinted = (colour * (1 - depth.clip(-0.12, 0.25)[..., None])).clip(0, 1)
    laid: Pixels = below + (tinted - below) * (mask * 0.95)[..., None]
    return laid


def _drawn(lines: Sequence[Line], manner: str, side: int, generator: np.random.Generator) -> Mask:
    """All lines as they cover the picture."""
    canvas = Image.new("L", (side * _TIMES,) * 2)
    pen = ImageDraw.Draw(canvas)
    for line in lines:
        stroke = flatten(line.curve)
        if line.is_solid and len(stroke) > 2:
            pen.polygon([tuple(point) for point in stroke * canvas.width], fill=255)
        for _ in range(3 if manner == "pencil" else 1):
            _draw_line(pen, stroke, manner, canvas.width, generator)
    cover = _smaller(canvas, side)
    if manner == "pencil":
        grain = clouds(side, generator, coarsest=max(8, side // 5), octaves=1)
        cover = cover * (0.85 + 0.10 * grain).clip(0.6, 1)
    return cover


def _draw_line(
    pen: ImageDraw.ImageDraw, stroke: Stroke, manner: str, side: int, generator: np.random.Generator
) -> None:
    """One line as a row of discs, whose size is the pressure of the hand."""
    width = _WIDTHS[manner]
    points = resample(stroke, width * 0.12)
    along = lengths(points)
    waves, phases = generator.uniform(1, 4, 3), generator.uniform(0, 2 * np.pi, 3)
    sway = np.sin(2 * np.pi * along[:, None] * waves + phases).sum(axis=1) / 3
    pressure = 1 + {"brush": 0.30, "ink": 0.16, "pencil": 0.15}[manner] * sway
    if manner == "brush" and along[-1] > 4 * width:
        is_loop = np.hypot(*(points[-1] - points[0])) < width
        tips = np.minimum(along, along[-1] - along) / (3 * width)
        pressure = pressure if is_loop else pressure * (0.45 + 0.55 * tips.clip(0, 1))
    if manner == "pencil":
        points = (
            points + 0.0025 * np.stack([sway, np.roll(sway, len(sway) // 3)], axis=1) + generator.normal(0, 0.0012, 2)
        )
    radius = (pressure * width * side / 2)[:, None]
    for box in np.concatenate([points * side - radius, points * side + radius], axis=1).tolist():
        pen.ellipse(box, fill=255)


def _ink(palette: Palette) -> Pixels:
    """The colour of lines: the palette's darkest."""
    return min(
        (read_colour(colour) for colour in (palette.ground, *palette.colours)), key=lambda one: float(one @ _LIGHT)
    )


def _smaller(mask: Image.Image, side: int) -> Mask:
    return np.asarray(mask.resize((side, side), Image.Resampling.BOX), dtype=np.float32) / np.float32(255)


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray((pixels.clip(0, 1) * 255 + 0.5).astype(np.uint8))
