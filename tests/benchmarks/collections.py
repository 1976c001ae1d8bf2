"""Collections that trainings of photographs learn from: pieces of scikit-image's photographs, and works."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import skimage
import torch
from PIL import Image

from generation.engines.training.pictures import Part, PictureSet

NAMES = ("photographs", "works")
LEARNT = ("astronaut.png", "chelsea.png", "rocket.jpg", "camera.png", "grass.png", "coins.png")
HELD_OUT = ("coffee.png", "motorcycle_right.png", "brick.png", "gravel.png")
_SMALLEST = 0.5  # of a picture's shorter side


def photograph(name: str) -> Image.Image:
    """Open one of the photographs inside the wheel scikit-image."""
    return Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB")


def pieces(pictures: Sequence[Image.Image], count: int, side: int, seed: int) -> list[Image.Image]:
    """So many square pieces of pictures, in turn one of each, at places by chance."""
    chance = np.random.default_rng(seed)
    found = []
    for number in range(count):
        picture = pictures[number % len(pictures)]
        edge = int(min(picture.size) * chance.uniform(_SMALLEST, 1.0))
        left, top = (int(chance.integers(0, length - edge + 1)) for length in picture.size)
        box = (left, top, left + edge, top + edge)
        found.append(picture.crop(box).resize((side, side), Image.Resampling.LANCZOS))
    return found


def collections(
    learnt: tuple[Sequence[Image.Image], Sequence[Image.Image]],
    held_out: tuple[Sequence[Image.Image], Sequence[Image.Image]],
) -> PictureSet:
    """Photographs and works of one size to learn from, and others to measure by."""
    test = _part(*held_out)
    return PictureSet(_part(*learnt), test, test, NAMES)


def _part(photographs: Sequence[Image.Image], works: Sequence[Image.Image]) -> Part:
    pixels = np.stack([np.asarray(picture) for picture in (*photographs, *works)])
    kinds = torch.tensor([0] * len(photographs) + [1] * len(works))
    return Part(torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(), kinds)
