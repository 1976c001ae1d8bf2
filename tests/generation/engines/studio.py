"""Ways for tests to ask an engine for a picture."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import skimage
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.base import Context, Engine, InputPicture, Request
from generation.engines.device import open_context

CPU = torch.device("cpu")


def photograph(name: str) -> Image.Image:
    """Open one of the photographs that the wheel scikit-image carries."""
    return Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB")


@cache
def loaded(name: str) -> Engine[Any]:
    """Load an engine once for all tests."""
    return registry.load(name, CPU)


def request(
    name: str, seed: int = 1, inputs: Mapping[str, Sequence[Image.Image]] | None = None, **parameters: Any
) -> Request[Any]:
    """Make a request as the web process would check it."""
    pictures = {kind: [InputPicture(image) for image in images] for kind, images in (inputs or {}).items()}
    return Request(parameters=registry.declaration(name).validate_parameters(parameters), seed=seed, inputs=pictures)


def make(
    name: str,
    seed: int = 1,
    inputs: Mapping[str, Sequence[Image.Image]] | None = None,
    context: Context | None = None,
    **parameters: Any,
) -> Image.Image:
    """Let an engine make one picture."""
    asked = request(name, seed, inputs, **parameters)
    artifacts = loaded(name).run(asked, context or open_context(CPU, seed))
    assert [artifact.role for artifact in artifacts] == ["original"]
    return artifacts[0].image


def numbers(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Give a picture's pixels as numbers."""
    return np.asarray(image, dtype=np.float64)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Say how far two pictures lie apart, in steps of 1/255 a pixel."""
    return float(np.abs(numbers(one) - numbers(other)).mean())
