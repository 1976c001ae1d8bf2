"""Every engine that is registered, twice with one seed, gives the same bytes, and with another seed others."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.base import EngineDeclaration, InputPicture, Request
from generation.engines.device import open_context
from generation.engines.training.learner import Learner, Trained
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import PictureSet
from tests.generation.engines.studio import CPU, photograph
from tests.generation.engines.training.learning import context, paint_pictures

TRAINING = {"resolution": 32, "images": 32, "batch_size": 8, "validate_every": 16, "precision": "float32"}
QUICK: dict[str, dict[str, Any]] = {  # what is not here runs with its defaults, or trains by TRAINING
    "train-gan": {**TRAINING, "width": 8, "latent": 16},
    "train-autoencoder": {
        **TRAINING,
        "width": 8,
        "latent": 16,
        "codes": 32,
        "prior_width": 32,
        "prior_layers": 1,
        "grid": 4,
    },
    "train-translation": {**TRAINING, "photographs": "even"},
    "train-house-style": {**TRAINING, "photographs": "even"},
    "translate": {"size": 64},
    "house-style": {"size": 256},
    "arbitrary-style": {"size": 256},
    "scribble": {"size": 256},
    "stylist": {"size": 256},
    "texture": {"size": 256},
    "flow-field": {"size": 256},
    "strange-attractor": {"size": 256},
    "reaction-diffusion": {"size": 256},
    "gan-walk": {"seconds": 0.5, "frames_per_second": 8},
    "autoencoder-walk": {"seconds": 0.5, "frames_per_second": 8},
    "gan-project": {"steps": 20},
}
WITHOUT_CHANCE = {
    "house-style": "the photograph says everything",
    "translate": "the photograph says everything",
    "arbitrary-style": "the pictures given say everything",
    "stylist": "the picture and the words given say everything",
    "finished-picture": "it is taken as it is",
    "autoencoder-reconstruct": "by default the nearest, not one of many",
    "autoencoder-arithmetic": "the pictures given say everything",
}
OURS = [one for one in registry.declarations() if one.implementation.startswith("generation.")]  # and no tests' toys
PAINTING = [declared for declared in OURS if declared.medium]
TRAINING_ENGINES = [declared for declared in OURS if declared.trains]
each_painting = pytest.mark.parametrize("declared", PAINTING, ids=lambda declared: declared.name)
each_training = pytest.mark.parametrize("declared", TRAINING_ENGINES, ids=lambda declared: declared.name)


@cache
def pictures() -> PictureSet:
    return PictureSet.from_folder(paint_pictures(Path(tempfile.mkdtemp())), 32)


@cache
def trained(name: str, seed: int, again: int = 0) -> Trained:
    torch.set_num_threads(1)
    learner = registry.implementation(name)()
    assert isinstance(learner, Learner)
    parameters = registry.declaration(name).validate_parameters(QUICK.get(name, TRAINING))
    assert isinstance(parameters, TrainingParameters)
    return learner.train(parameters, seed, pictures(), context(Path(tempfile.mkdtemp())))


def model_for(declared: EngineDeclaration) -> Path | None:
    """A model of the kind that the engine runs, if it runs any."""
    if not declared.runs_models:
        return None
    (trainer, *_) = [some.name for some in TRAINING_ENGINES if some.trains in declared.runs_models]
    return trained(trainer, 1).model


def given_to(declared: EngineDeclaration) -> dict[str, list[InputPicture]]:
    shown = [photograph("coffee.png"), photograph("astronaut.png")]
    return {
        spec.name: [InputPicture(image.resize((96, 96), Image.Resampling.LANCZOS)) for image in shown[: 1 + spec.many]]
        for spec in declared.inputs
        if spec.required
    }


@each_painting
def test_a_seed_says_everything(declared: EngineDeclaration) -> None:
    engine = registry.load(declared.name, CPU, model_for(declared))
    asked = declared.validate_parameters(QUICK.get(declared.name, {}))
    inputs = given_to(declared)
    declared.check_inputs(asked, {name: len(found) for name, found in inputs.items()})
    made = []
    for seed in (1, 1, 2):
        with torch.inference_mode():
            artifacts = engine.run(Request(parameters=asked, seed=seed, inputs=inputs), open_context(CPU, seed))
        made.append([frame.tobytes() for one in artifacts for frame in (one.image, *one.frames)])
    assert made[0] == made[1]
    assert (made[0] == made[2]) is (declared.name in WITHOUT_CHANCE)


@each_training
def test_a_seed_is_a_model(declared: EngineDeclaration) -> None:
    first, again, other = (trained(declared.name, *run) for run in ((1, 0), (1, 1), (2, 0)))
    assert first.sha256 == again.sha256
    assert (first.measures, first.samples.tobytes()) == (again.measures, again.samples.tobytes())
    assert first.sha256 != other.sha256
