"""Classifiers of the tests: one that takes magenta for explicit and falls over grey, one blind, one wary."""

from typing import ClassVar

import numpy as np
from PIL import Image

PATH = "tests.generation.moderation.magenta.Magenta"
MAGENTA = (255, 0, 255)


class Magenta:
    """Scores the share of magenta, as good as pure."""

    def score(self, image: Image.Image) -> float:
        if image.mode == "L":
            raise ZeroDivisionError("grey")
        return float((np.abs(np.asarray(image.convert("RGB"), dtype=int) - MAGENTA) < 16).all(axis=2).mean())


class Blind:
    """Sees nothing wrong in anything."""

    def score(self, image: Image.Image) -> float:
        return 0.0


class Wary:
    """Takes everything for explicit."""

    def score(self, image: Image.Image) -> float:
        return 1.0


class Counting:
    """Sees nothing wrong, and remembers what it was shown."""

    seen: ClassVar[list[Image.Image]] = []

    def score(self, image: Image.Image) -> float:
        self.seen.append(image.copy())
        return 0.0
