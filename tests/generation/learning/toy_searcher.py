"""The bowl's learner: a studio loads this, and nobody else."""

from pathlib import Path

import torch
from PIL import Image

from generation.engines.errors import Cancelled, EngineFault
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.learner import Learner, Trained
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import TrainingContext
from tests.generation.learning.toy_search import STEPS, BowlParameters, validations


class Bowl(Learner):
    """Tells its curve, point by point."""

    kind = "bowl"

    def train(
        self, parameters: TrainingParameters, seed: int, pictures: PictureSet, context: TrainingContext,
        resume: Path | None = None,
    ) -> Trained:  # fmt: skip
        assert isinstance(parameters, BowlParameters)
        if parameters.depth > parameters.breaks_above:
            raise EngineFault("The bottom fell out.")
        for upto in range(1, STEPS + 1):
            context.on_point(validations(parameters.depth, upto))
            if context.is_cancelled():
                raise Cancelled
        model = context.folder / "model.safetensors"
        checkpoint.write(model, Snapshot({"depth": torch.tensor([parameters.depth])}, {"kind": self.kind}))
        return Trained(
            model=model, sha256="b0" * 32, measures={}, curve=validations(parameters.depth), reason="images",
            samples=Image.new("RGB", (8, 8)), steps=STEPS, images=int(parameters.images), seconds=6.0,
        )  # fmt: skip
