"""Ways for tests to grow textures, and to look at where their edges meet."""

from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from generation.engines.base import Context
from tests.generation.engines.studio import make, numbers, photograph

QUICK: dict[str, Any] = {"size": 96, "scale": 1.0, "method": "fast"}


@cache
def exemplar(name: str = "gravel.png", side: int = 160) -> Image.Image:
    """Cut a piece out of a photograph of a surface."""
    return photograph(name).resize((256, 256), Image.Resampling.LANCZOS).crop((40, 40, 40 + side, 40 + side))


def grow(
    picture: Image.Image | None = None, seed: int = 1, context: Context | None = None, **chosen: Any
) -> Image.Image:
    """Grow a small texture."""
    return make("texture", seed, {"exemplar": [picture or exemplar()]}, context, **(QUICK | chosen))


def seam(texture: Image.Image) -> float:
    """How much steeper a texture is across its wrapped edges than inside, in deviations of what it is inside.

    The mean step between each two neighbouring columns, and rows, is one reading; those across the edges are compared
    with all the others.
    """
    pixels, worst = numbers(texture), -np.inf
    for axis in (0, 1):
        steps = np.abs(pixels - np.roll(pixels, 1, axis)).mean((1 - axis, 2))
        inside = steps[1:]
        worst = max(worst, (steps[0] - inside.mean()) / max(inside.std(), 1e-3))
    return float(worst)
