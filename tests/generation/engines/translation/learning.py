"""Two small collections, and a translation that learnt them once for all tests.

Photographs: a red or a blue thing on white. Works: black things on yellow.
"""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw

from generation.engines import registry
from generation.engines.base import InputPicture, Request
from generation.engines.device import open_context
from generation.engines.training.learner import Learner, Trained
from generation.engines.training.pictures import Part, PictureSet
from generation.engines.training.trainer import TrainingContext
from generation.engines.translation.parameters import TranslationTrainingParameters

CPU = torch.device("cpu")
SIDE = 64
SMALL = {
    "resolution": 64, "images": 480, "batch_size": 8,
    "average_images": 40, "validate_every": 240, "precision": "float32",
}  # fmt: skip
LEARNT, HELD_OUT = 48, 12  # of each collection


def photograph(number: int, side: int = SIDE) -> Image.Image:
    """A red or a blue thing on white, square or round, somewhere."""
    return drawn(number, side, "white", ("#c81e28", "#1e3cc8")[number % 2])


def work(number: int, side: int = SIDE) -> Image.Image:
    """A black thing on yellow, elsewhere."""
    return drawn(number * 3 + 1, side, "#f0c020", "#101010")


def drawn(number: int, side: int, ground: str, colour: str) -> Image.Image:
    picture = Image.new("RGB", (side, side), ground)
    left, top = side * (number * 5 % 11) // 26, side * (number * 7 % 11) // 26
    box = (left, top, left + side // 2, top + side // 2)
    pen = ImageDraw.Draw(picture)
    (pen.ellipse if number % 4 < 2 else pen.rectangle)(box, colour)
    return picture


def part(first: int, count: int) -> Part:
    """So many of each collection."""
    pictures = [paint(number) for paint in (photograph, work) for number in range(first, first + count)]
    numbers = torch.stack([torch.frombuffer(bytearray(one.tobytes()), dtype=torch.uint8) for one in pictures])
    return Part(
        numbers.view(-1, SIDE, SIDE, 3).permute(0, 3, 1, 2).contiguous(),
        torch.arange(2).repeat_interleave(count),
    )


@cache
def collections() -> PictureSet:
    return PictureSet(part(0, LEARNT), part(100, HELD_OUT), part(200, HELD_OUT), ("photographs", "works"))


@cache
def trained() -> Trained:
    torch.set_num_threads(1)
    learner = registry.implementation("train-translation")()
    assert isinstance(learner, Learner)
    folder = Path(tempfile.mkdtemp())
    chosen = TranslationTrainingParameters.model_validate(SMALL)
    return learner.train(chosen, 5, collections(), TrainingContext(device=CPU, folder=folder))


def paint(picture: Image.Image, **parameters: Any) -> Image.Image:
    """Have a picture painted by the small translation, as a person would."""
    declared = registry.declaration("translate")
    asked = declared.validate_parameters({"size": 64, "detail": 1.0, **parameters})
    engine = registry.load("translate", CPU, trained().model)
    request = Request(parameters=asked, seed=1, inputs={"content": [InputPicture(picture)]})
    (made,) = engine.run(request, open_context(CPU, 1))
    return made.image
