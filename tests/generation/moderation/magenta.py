"""A classifier of the tests: what is mostly magenta is explicit, and grey pictures make it fall over."""

import numpy as np
from PIL import Image

PATH = "tests.generation.moderation.magenta.Magenta"
MAGENTA = (255, 0, 255)


class Magenta:
    """Scores the share of pure magenta."""

    def score(self, image: Image.Image) -> float:
        if image.mode == "L":
            raise ZeroDivisionError("grey")
        return float((np.asarray(image.convert("RGB")) == MAGENTA).all(axis=2).mean())


class Blind:
    """Sees nothing wrong in anything."""

    def score(self, image: Image.Image) -> float:
        return 0.0
