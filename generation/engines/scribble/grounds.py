"""What lies behind a drawing. Everything is (side, side, 3) of sRGB in 0..1; one generator draws all chance."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.engines.palettes import Palette

Pixels = NDArray[np.float32]


def lay_ground(kind: str, palette: Palette, side: int, generator: np.random.Generator) -> Pixels:
    """A ground of one of the kinds that the declaration names."""
    return _KINDS[kind](palette, side, generator)


def read_colour(colour: str) -> Pixels:
    """#rrggbb as three numbers."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float32) / np.float32(255)


def clouds(side: int, generator: np.random.Generator, *, coarsest: int = 4, octaves: int = 4) -> Pixels:
    """Smooth noise of several sizes (side, side), with mean 0 and deviation 1."""
    total = np.zeros((side, side), dtype=np.float32)
    for octave in range(octaves):
        cells = generator.normal(size=(coarsest * 2**octave + 3,) * 2).astype(np.float32)
        total += np.asarray(Image.fromarray(cells).resize((side, side), Image.Resampling.BICUBIC)) * 0.55**octave
    even: Pixels = (total - total.mean()) / total.std()
    return even


def mix(below: Pixels, colour: Pixels, cover: Pixels) -> Pixels:
    """Lay a colour over pixels, as much as `cover` (side, side) says."""
    return below + (colour - below) * cover[..., None]


def _paper(palette: Palette, side: int, generator: np.random.Generator) -> Pixels:
    base = np.broadcast_to(read_colour(palette.ground), (side, side, 3)).astype(np.float32)
    shade = mix(base, read_colour(palette.colours[0]), (0.16 + 0.10 * clouds(side, generator)).clip(0, 0.5))
    fibres = clouds(side, generator, coarsest=64, octaves=2)
    return shade + 0.012 * fibres[..., None]


def _wash(palette: Palette, side: int, generator: np.random.Generator) -> Pixels:
    """Two thin colours that have run into one another."""
    ground = _paper(palette, side, generator)
    for at, strength in ((0, 0.75), (1, 0.55)):
        depth = clouds(side, generator, coarsest=2, octaves=5)
        pool = 1 / (1 + np.exp(-(depth - 0.35) * 7))
        rim = np.exp(-((depth - 0.35) ** 2) / 0.006) * 0.35  # pigment gathers where a wash dries last
        ground = mix(ground, read_colour(palette.colours[at]), (pool * strength + rim).clip(0, 1) * 0.8)
    return ground


def _sun(palette: Palette, side: int, generator: np.random.Generator) -> Pixels:
    """A great disc, low over a plain."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    drift = 0.02 * clouds(side, generator, coarsest=3)
    sky = mix(_paper(palette, side, generator), read_colour(palette.colours[0]), (0.75 * y + 4 * drift).clip(0, 0.9))
    disc = _soft(0.36 - np.hypot(x - 0.5, y - 0.44) + 0.12 * drift, side)
    sky = mix(sky, read_colour(palette.accent), disc * (0.86 + 3 * drift).clip(0.6, 1))
    plain = _soft(y - 0.80 - 0.25 * drift, side)
    return mix(sky, read_colour(palette.colours[1]), plain * (0.92 + 3 * drift).clip(0.7, 1))


def _hills(palette: Palette, side: int, generator: np.random.Generator) -> Pixels:
    """Ridge behind ridge, each in a deeper colour."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    ground = _paper(palette, side, generator)
    drift = clouds(side, generator, coarsest=3)
    for number, (at, height) in enumerate(((0, 0.50), (0, 0.62), (1, 0.74), (1, 0.86))):
        waves = sum(generator.normal(0, 0.05) / k * np.sin(2 * np.pi * (k * x + generator.random())) for k in (1, 2, 3))
        ridge = _soft(y - height - waves, side)
        cover = ridge * (0.55 + 0.3 * (number % 2) + 0.05 * drift).clip(0, 1)
        ground = mix(ground, read_colour(palette.colours[at]), cover)
    return ground


def _soft(inside: Pixels, side: int) -> Pixels:
    """1 where `inside` is above 0, with an edge about two pixels wide."""
    return (inside * side / 2 + 0.5).clip(0, 1).astype(np.float32)


_KINDS = {"paper": _paper, "wash": _wash, "sun": _sun, "hills": _hills}
