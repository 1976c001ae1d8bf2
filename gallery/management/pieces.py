"""Pieces of pictures, for a model to learn from: squares cut out here and there, larger and smaller ones."""

import io
import zipfile
from collections.abc import Iterator, Mapping

import numpy as np
from PIL import Image


def cut(
    image: Image.Image, *, count: int, side: int, reach: tuple[float, float], margin: float, seed: int
) -> Iterator[Image.Image]:
    """So many squares of `side` pixels, each showing between the two shares `reach` of the picture's shorter side.

    Nothing is cut out of the outer `margin`, a share of the width and height, where many pictures are empty.
    """
    chance = np.random.default_rng(seed)
    (wide, high), least, most = image.size, margin, 1 - margin
    within = image.convert("RGB").crop(
        (round(wide * least), round(high * least), round(wide * most), round(high * most))
    )
    for _ in range(count):
        width = min(int(min(wide, high) * chance.uniform(*reach)), *within.size)
        left, top = (int(chance.integers(0, room - width + 1)) for room in within.size)
        box = (left, top, left + width, top + width)
        yield within.resize((side, side), Image.Resampling.LANCZOS, box=box)


def zipped(pictures: Mapping[str, Image.Image]) -> bytes:
    """A zip file of the pictures as PNGs, named by their keys."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, picture in pictures.items():
            file = io.BytesIO()
            picture.save(file, "PNG")
            archive.writestr(f"{name}.png", file.getvalue())
    return out.getvalue()
