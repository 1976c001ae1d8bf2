"""Photographs, works of stripes, and a house style that learnt these in some seconds, once for all tests."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from generation.engines import registry
from generation.engines.base import Context, InputPicture, Request
from generation.engines.device import open_context
from generation.engines.house_style.method import HouseStyleMethod
from generation.engines.house_style.parameters import HouseStyleTrainingParameters
from generation.engines.training.learner import Learner, Trained
from generation.engines.training.method import Facts
from generation.engines.training.pictures import Part, PictureSet
from generation.engines.training.trainer import TrainingContext
from tests.generation.engines.studio import photograph

CPU = torch.device("cpu")
SIDE = 64
NAMES = ("photographs", "works")
SMALL = {
    "resolution": SIDE, "images": 240, "batch_size": 4, "learning_rate": 0.003, "average_images": 20,
    "validate_every": 120, "style_weight": 4.0, "precision": "float32",
}  # fmt: skip


def crop(number: int) -> Image.Image:
    """A piece of a photograph."""
    whole = photograph(("astronaut.png", "coffee.png", "chelsea.png")[number % 3])
    left, top = number * 37 % (whole.width - 150), number * 53 % (whole.height - 150)
    return whole.crop((left, top, left + 150, top + 150)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def work(number: int) -> Image.Image:
    """Stripes in three colours, at chance angles."""
    picture = Image.new("RGB", (SIDE, SIDE), "#f4ecd8")
    pen = ImageDraw.Draw(picture)
    for line in range(14):
        at, tilt = line * 9 - 30 + number * 5 % 9, (number % 3 - 1) * 24
        pen.line((at, 0, at + tilt, SIDE), ("#14213d", "#c1121f")[(line + number) % 2], 3)
    return picture


def part(first: int, photographs: int, works: int) -> Part:
    """So many of each collection."""
    drawn = [crop(first + number) for number in range(photographs)] + [work(first + number) for number in range(works)]
    numbers = torch.stack([torch.frombuffer(bytearray(one.tobytes()), dtype=torch.uint8) for one in drawn])
    kinds = torch.cat([torch.zeros(photographs), torch.ones(works)]).long()
    return Part(numbers.view(-1, SIDE, SIDE, 3).permute(0, 3, 1, 2).contiguous(), kinds)


@cache
def collections() -> PictureSet:
    return PictureSet(part(0, 24, 6), part(100, 6, 4), part(200, 6, 4), NAMES)


def photographs_held_out() -> Tensor:
    """As a painter sees them: 0..1."""
    return collections().test.of([0]).pictures.float() / 255.0


def chosen(**others: Any) -> HouseStyleTrainingParameters:
    return HouseStyleTrainingParameters.model_validate({**SMALL, **others})


def method(**others: Any) -> HouseStyleMethod:
    """A way to learn, before it has learnt anything."""
    torch.manual_seed(1)
    begun = HouseStyleMethod(chosen(**others), Facts(pictures=30, classes=NAMES), CPU)
    begun.begin(collections())
    return begun


@cache
def trained(way: str = "fine-tune") -> Trained:
    torch.set_num_threads(1)
    learner = registry.implementation("train-house-style")()
    assert isinstance(learner, Learner)
    folder = Path(tempfile.mkdtemp())
    return learner.train(chosen(method=way), 5, collections(), TrainingContext(device=CPU, folder=folder))


def paint(
    picture: Image.Image, way: str = "fine-tune", context: Context | None = None, **parameters: Any
) -> Image.Image:
    """Have a picture painted in the small house style, as a person would."""
    asked = registry.declaration("house-style").validate_parameters({"size": 256, **parameters})
    engine = registry.load("house-style", CPU, trained(way).model)
    request = Request(parameters=asked, seed=1, inputs={"content": [InputPicture(picture)]})
    (made,) = engine.run(request, context or open_context(CPU, 1))
    return made.image
