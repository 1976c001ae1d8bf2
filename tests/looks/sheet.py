"""Ten pictures, and for each the eight nearest by style and by colour: `python -m tests.looks.sheet SHEET.webp`.

From what `gathering.py` keeps, to be looked at by a person. Pieces of one painting or photograph are left out among a
picture's neighbours: they would be near in any case.
"""

import sys
from collections.abc import Sequence

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from generation.engines.looks.colours import colour_vector
from generation.engines.looks.style import StyleEye
from tests.looks.gathering import CPU, Labelled, kept

CELL, GAP, NEAREST, QUALITY = 112, 6, 8, 80
QUERIES = 10


def nearest(vectors: Tensor, at: int, but: Sequence[int]) -> list[int]:
    """The places of the nearest, nearest first."""
    near = vectors @ vectors[at]
    near[list(but)] = -1.0
    return near.topk(NEAREST).indices.tolist()


def draw(pictures: Sequence[Labelled], queries: Sequence[int]) -> Image.Image:
    """A row a query and a way: the query, then its neighbours."""
    eye = StyleEye.load(CPU)
    ways = [torch.stack([see(one.image) for one in pictures]) for see in (eye.look, colour_vector)]
    sheet = Image.new("RGB", ((NEAREST + 1) * (CELL + GAP) + GAP * 4, 2 * len(queries) * (CELL + GAP)), "white")
    pen = ImageDraw.Draw(sheet)
    for row, at in enumerate(queries):
        whole = [other for other, one in enumerate(pictures) if one.label == pictures[at].label]
        but = whole if pictures[at].label.startswith(("painting", "photograph")) else [at]
        for way, vectors in enumerate(ways):
            top = (2 * row + way) * (CELL + GAP)
            for place, found in enumerate([at, *nearest(vectors, at, but)]):
                left = place * (CELL + GAP) + (GAP * 4 if place else 0)
                sheet.paste(pictures[found].image.resize((CELL, CELL), Image.Resampling.LANCZOS), (left, top))
            pen.text((4, top + 4), ("style", "colour")[way], fill="white", stroke_fill="black", stroke_width=2)
    return sheet


def main(where: str, first: str = "7") -> None:
    """Draw the sheet, with queries spread over all kinds."""
    pictures = kept()
    queries = [(int(first) + at * len(pictures) // QUERIES) % len(pictures) for at in range(QUERIES)]
    draw(pictures, queries).save(where, quality=QUALITY, method=6)


if __name__ == "__main__":
    main(*sys.argv[1:])
