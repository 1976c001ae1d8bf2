"""Small autoencoders of each kind, trained once for all tests: on coloured squares, round things and none held out."""

import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from generation.engines import registry
from generation.engines.autoencoder.method import AutoencoderMethod
from generation.engines.autoencoder.methods import METHODS
from generation.engines.autoencoder.model import ModelEngine
from generation.engines.autoencoder.parameters import AutoencoderTrainingParameters, Kind
from generation.engines.base import Artifact, InputPicture, Request
from generation.engines.device import open_context
from generation.engines.training.learner import Trained
from generation.engines.training.method import Facts
from generation.engines.training.pictures import Part, PictureSet
from generation.engines.training.trainer import TrainingContext

CPU = torch.device("cpu")
KINDS: tuple[Kind, ...] = ("vae", "vq-vae", "adversarial")
SMALL = {
    "resolution": 32, "images": 1280, "batch_size": 16, "width": 8, "latent": 16, "codes": 32, "prior_width": 32,
    "prior_layers": 1, "grid": 4, "learning_rate": 0.004, "average_images": 40, "precision": "float32",
}  # fmt: skip


def chosen(kind: Kind, **others: Any) -> AutoencoderTrainingParameters:
    return AutoencoderTrainingParameters.model_validate({**SMALL, "kind": kind, **others})


def method(kind: Kind, **others: Any) -> AutoencoderMethod:
    """A way to learn, before it has learnt anything."""
    torch.manual_seed(1)
    return METHODS[kind](chosen(kind, **others), Facts(pictures=48), CPU)


def image(number: int, side: int = 32) -> Image.Image:
    """A red or a blue thing on white, square or round, somewhere."""
    drawn = Image.new("RGB", (side, side), "white")
    left, top = side * (number * 5 % 9) // 32, side * (number * 7 % 9) // 32
    box = (left, top, left + side // 2, top + side // 2)
    colour = (200, 30, 40) if number % 2 else (30, 60, 200)
    pen = ImageDraw.Draw(drawn)
    (pen.ellipse if number % 4 < 2 else pen.rectangle)(box, colour)
    return drawn


@cache
def pictures(count: int = 48, side: int = 32) -> PictureSet:
    drawn = [torch.frombuffer(bytearray(image(number, side).tobytes()), dtype=torch.uint8) for number in range(count)]
    given = torch.stack(drawn).view(count, side, side, 3).permute(0, 3, 1, 2).contiguous()
    none = Part(given[:0], torch.zeros(0, dtype=torch.long))
    return PictureSet(Part(given, torch.zeros(count, dtype=torch.long)), none, none)


def some_pictures(count: int = 16, side: int = 32) -> Tensor:
    """As a method sees them."""
    return pictures(count, side).train.pictures / 127.5 - 1.0


@cache
def trained(kind: Kind) -> Trained:
    folder = Path(tempfile.mkdtemp())
    learner = registry.implementation("train-autoencoder")()
    found: Trained = learner.train(chosen(kind), 5, pictures(), TrainingContext(device=CPU, folder=folder))  # type: ignore[attr-defined]
    return found


@cache
def loaded(name: str, kind: Kind) -> ModelEngine[Any]:
    engine = registry.load(name, CPU, trained(kind).model)
    assert isinstance(engine, ModelEngine)
    return engine


def make(
    name: str, kind: Kind, seed: int = 1, inputs: Mapping[str, Sequence[Image.Image]] | None = None, **parameters: Any
) -> Artifact:
    """Let an engine make one thing by a small model, as it would for a person."""
    declared = registry.declaration(name)
    asked = declared.validate_parameters({"size": 64, **parameters})
    given = {kind: [InputPicture(image) for image in images] for kind, images in (inputs or {}).items()}
    declared.check_inputs(asked, {kind: len(images) for kind, images in given.items()})
    (made,) = loaded(name, kind).run(Request(parameters=asked, seed=seed, inputs=given), open_context(CPU, seed))
    return made
