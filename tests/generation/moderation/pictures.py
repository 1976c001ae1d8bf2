"""Pictures for the judges: photographs from the wheel scikit-image, and drawings of waves that differ by a seed."""

from functools import cache
from importlib.resources import files

import numpy as np
from PIL import Image

PHOTOGRAPHS = ("astronaut.png", "camera.png", "chelsea.png", "coffee.png", "coins.png", "moon.png", "rocket.jpg")


@cache
def photograph(name: str) -> Image.Image:
    with Image.open(str(files("skimage") / "data" / name)) as image:
        return image.convert("RGB")


def waves(seed: int, size: int = 256) -> Image.Image:
    """A picture of soft waves, different for each seed."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] / size
    light = np.zeros((size, size))
    for _ in range(14):
        along, across, phase, weight = (
            random.normal(0, 14),
            random.normal(0, 14),
            random.uniform(0, 6.3),
            random.random(),
        )
        light += weight * np.sin(along * x + across * y + phase)
    scaled = (light - light.min()) / np.ptp(light) * 255
    return Image.fromarray(scaled.astype(np.uint8)).convert("RGB")
