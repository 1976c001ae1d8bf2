"""The engine side of a training: pictures in, a model file with its curve, its measures and samples out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import torch
from PIL import Image

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import in_one_order
from generation.engines.errors import InvalidInputs, InvalidParameters
from generation.engines.training import checkpoint, parallel
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.grids import contact_sheet
from generation.engines.training.method import Facts, Method
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Point, Trainer, TrainingContext
from generation.engines.training.validation import final_measures, samples

MODEL = "model.safetensors"
_SHEET = 36  # samples on the last contact sheet


@dataclass(frozen=True)
class Trained:
    """What comes of a training."""

    model: Path
    sha256: str
    measures: Mapping[str, float]
    curve: Sequence[Point]
    samples: Image.Image
    reason: str  # why it ended: budget, images or patience
    steps: int
    images: int
    seconds: float


class Learner(Engine[TrainingParameters]):
    """An engine that trains: a subclass names its method and the kind of model."""

    method: ClassVar[type[Method[Any]]]
    kind: ClassVar[str]

    def run(self, request: Request[TrainingParameters], context: Context) -> NoReturn:
        """Refuse: a training needs a dataset, and makes no picture."""
        raise InvalidInputs("This engine trains a model: it is given a dataset, not pictures.")

    def run_batch(self, requests: Sequence[Any], contexts: Sequence[Context]) -> Sequence[Sequence[Artifact]]:
        """Refuse, as `run` does."""
        return [self.run(request, context) for request, context in zip(requests, contexts, strict=True)]

    @in_one_order()
    def train(
        self,
        parameters: TrainingParameters,
        seed: int,
        pictures: PictureSet,
        context: TrainingContext,
        resume: Path | None = None,
    ) -> Trained:
        """Train to the end of the budget.

        Raises InvalidParameters, Cancelled, ModelUnusable, TrainingDiverged, OutOfMemory.
        """
        if problems := parameters.problems_with_classes(pictures.counts()):
            raise InvalidParameters("The dataset does not have what this learns from.", problems)
        torch.manual_seed(seed)
        facts = Facts(pictures=len(pictures.train), classes=pictures.class_names)
        method = self.method(parameters, facts, context.device)
        trainer = Trainer(method, pictures, seed, context, resume)
        reason = trainer.run()
        context.on_progress(1.0, None, "Measuring it")
        kept = trainer.best.network
        model = context.folder / MODEL
        notes = {"kind": self.kind, "resolution": parameters.resolution, "classes": list(facts.classes)}

        def finish() -> tuple[str, dict[str, float]]:
            checkpoint.write(model, Snapshot(kept.state_dict(), {**method.describe(), **notes}))
            measures = final_measures(method, kept, pictures, seed, context.device, context.inception)
            return hashlib.sha256(model.read_bytes()).hexdigest(), measures

        sha256, measures = parallel.first(finish)
        progress = trainer.progress
        return Trained(
            model=model,
            sha256=sha256,
            measures=measures,
            curve=progress.points,
            samples=contact_sheet(samples(method, kept, pictures, _SHEET, seed)),
            reason=reason,
            steps=progress.step,
            images=progress.images,
            seconds=progress.seconds,
        )
