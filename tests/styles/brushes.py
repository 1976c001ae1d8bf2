"""Brushes, grounds and light for the studies: everything by seed, in numpy and Pillow."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 512
Numbers = np.ndarray[Any, np.dtype[Any]]
Colour = str
Field = Callable[[float, float], float]  # places 0..1 to an angle


def cloud(rng: np.random.Generator, scale: float, octaves: int = 4) -> Numbers:
    """Soft noise over the square, 0..1; `scale` is the size of its largest forms in pixels."""
    total = np.zeros((SIDE, SIDE))
    for octave in range(octaves):
        cells = max(2, round(SIDE / scale * 2**octave))
        grid = Image.fromarray((rng.random((cells, cells)) * 255).astype(np.uint8))
        total += np.asarray(grid.resize((SIDE, SIDE), Image.Resampling.BICUBIC), float) / 2**octave
    low, high = np.percentile(total, [1, 99])
    soft: Numbers = np.clip((total - low) / (high - low), 0, 1)
    return soft


def blend(colours: Sequence[Colour], at: Numbers) -> Image.Image:
    """Read colours along a row at each pixel's place 0..1."""
    row = np.array([rgb(colour) for colour in colours], float)
    scaled = np.clip(at, 0, 1) * (len(row) - 1)
    below = np.minimum(scaled.astype(int), len(row) - 2)
    share = (scaled - below)[..., None]
    return Image.fromarray((row[below] * (1 - share) + row[below + 1] * share).astype(np.uint8))


def rgb(colour: Colour) -> tuple[int, int, int]:
    """#rrggbb as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def shaken(rng: np.random.Generator, colour: Colour, by: float) -> tuple[int, int, int]:
    """A colour a little lighter or darker, and a little off its hue."""
    light, tint = rng.normal(0, by), rng.normal(0, by / 2, 3)
    red, green, blue = (int(np.clip(part + light + off, 0, 255)) for part, off in zip(rgb(colour), tint, strict=True))
    return red, green, blue


def strokes(
    image: Image.Image, rng: np.random.Generator, colours: Sequence[Colour] | None, *, count: int,
    length: float, width: float, field: Field, shake: float = 14, opacity: int = 255,
) -> Image.Image:  # fmt: skip
    """Lay strokes along a field of angles, in the given colours or in those that lie beneath."""
    layer = Image.new("RGBA", image.size)
    draw, beneath = ImageDraw.Draw(layer), image.convert("RGB")
    for _ in range(count):
        x, y = rng.random(2) * SIDE
        under = beneath.getpixel((int(x), int(y)))
        assert isinstance(under, tuple)
        name = "#{:02x}{:02x}{:02x}".format(*under) if colours is None else str(rng.choice(colours))
        ink, points = shaken(rng, name, shake), [(x, y)]
        for _ in range(6):
            angle = field(points[-1][0] / SIDE, points[-1][1] / SIDE)
            step = length / 6 * rng.uniform(0.7, 1.3)
            points.append((points[-1][0] + math.cos(angle) * step, points[-1][1] + math.sin(angle) * step))
        draw.line(points, fill=(*ink, opacity), width=max(1, round(width * rng.uniform(0.6, 1.4))), joint="curve")
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def swirl(rng: np.random.Generator, turns: float = 1.0, tilt: float = 0.0) -> Field:
    """A field of angles that turns smoothly from place to place."""
    noise = cloud(rng, SIDE / 2, 2)
    last = SIDE - 1

    def angle(x: float, y: float) -> float:
        column, row = (int(min(max(place, 0), 1) * last) for place in (x, y))
        return float(tilt + (noise[row, column] - 0.5) * 2 * math.pi * turns)

    return angle


def steady(angle: float, wobble: float, rng: np.random.Generator) -> Field:
    """A field of nearly one angle."""
    return lambda x, y: angle + float(rng.normal(0, wobble))


def relief(image: Image.Image, strength: float = 1.2) -> Image.Image:
    """Let light fall from the upper left on paint that lies thick where it is light."""
    grey = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(1)), float)
    down, right = np.gradient(grey)
    lit = np.clip(128 - (down + right) * strength, 0, 255).astype(np.uint8)
    return ImageChops.overlay(image, Image.merge("RGB", [Image.fromarray(lit)] * 3))


def paper(image: Image.Image, rng: np.random.Generator, strength: float = 10) -> Image.Image:
    """Give a picture the grain of rough paper."""
    grain = rng.normal(0, strength, (SIDE, SIDE)) + (cloud(rng, 6, 2) - 0.5) * strength * 2
    pixels = np.asarray(image.convert("RGB"), float) + grain[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def cells(rng: np.random.Generator, count: int) -> tuple[Numbers, Numbers]:
    """Cut the square around random points: which cell each pixel is in, and how far it is from that cell's border."""
    points = rng.random((count, 2)) * SIDE
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    nearest, second = np.full((SIDE, SIDE), np.inf), np.full((SIDE, SIDE), np.inf)
    owner = np.zeros((SIDE, SIDE), int)
    for number, (x, y) in enumerate(points):
        distance = np.hypot(columns - x, rows - y)
        closer = distance < nearest
        second = np.where(closer, nearest, np.minimum(second, distance))
        owner = np.where(closer, number, owner)
        nearest = np.minimum(nearest, distance)
    return owner, second - nearest


def glow(image: Image.Image, radius: float, gain: float = 1.0) -> Image.Image:
    """Add light that spreads from what is bright."""
    spread = image.filter(ImageFilter.GaussianBlur(radius)).point(lambda value: value * gain)
    return ImageChops.screen(image, spread)
