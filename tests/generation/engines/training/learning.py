"""A method as small as can be, and pictures for it: one coloured square on a ground each."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor, nn

from generation.engines.training.learner import Learner
from generation.engines.training.method import Facts, Loss, Phase, SamplingMethod
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Checkpoint, TrainingContext

CPU = torch.device("cpu")
SMALL = TrainingParameters(
    resolution=32, images=160, batch_size=8, validate_every=80, average_images=40, learning_rate=0.01,
    precision="float32",
)  # fmt: skip


class Tiny(SamplingMethod[TrainingParameters]):
    """An autoencoder of two convolutions that is fed some noise."""

    def __init__(self, parameters: TrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.network = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.SiLU(), nn.ConvTranspose2d(4, 3, 4, 2, 1))
        self.optimiser = torch.optim.Adam(self.network.parameters(), parameters.learning_rate)

    @property
    def networks(self) -> nn.ModuleDict:
        return nn.ModuleDict({"network": self.network})

    @property
    def kept(self) -> nn.Module:
        return self.network

    @property
    def phases(self) -> Sequence[Phase]:
        return [Phase("network", self.network, self.optimiser)]

    def loss(self, phase: str, pictures: Tensor, classes: Tensor, generator: torch.Generator) -> Loss:
        noise = torch.randn(pictures.shape, generator=generator) * self.noise
        error = (self.network(pictures + noise) - pictures).square().mean()
        return Loss(error, {"error": error.detach()})

    def sample(self, kept: nn.Module, count: int, generator: torch.Generator, classes: Tensor | None = None) -> Tensor:
        size = self.parameters.resolution
        found: Tensor = kept(torch.randn(count, 3, size, size, generator=generator))
        return found

    def validation_loss(self, kept: nn.Module, pictures: Tensor, classes: Tensor) -> Tensor | None:
        return torch.mean((kept(pictures) - pictures) ** 2)

    def describe(self) -> dict[str, object]:
        return {"width": 4}

    noise = 0.1


class TinyLearner(Learner):
    method, kind = Tiny, "tiny"


def paint_pictures(folder: Path, count: int = 60) -> Path:
    """Squares of chance colours and places, some of each class."""
    chance = torch.Generator().manual_seed(7)
    for number in range(count):
        colour, ground, (left, top) = (torch.randint(0, high, (size,), generator=chance).tolist() for high, size in
                                       ((256, 3), (256, 3), (20, 2)))  # fmt: skip
        image = Image.new("RGB", (40, 36), tuple(ground))
        image.paste(tuple(colour), (left, top, left + 14, top + 14))
        kept = folder / ("even" if number % 2 == 0 else "odd") / f"{number:03}.png"
        kept.parent.mkdir(parents=True, exist_ok=True)
        image.save(kept)
    return folder


def context(folder: Path, **others: Any) -> TrainingContext:
    return TrainingContext(device=CPU, folder=folder, **others)


def learn(folder: Path, pictures: PictureSet, resume: Path | None = None, **others: Any) -> str:
    """Train the tiny method to the end of SMALL, and return the model's hash."""
    torch.set_num_threads(1)
    return TinyLearner().train(SMALL, 3, pictures, context(folder, **others), resume).sha256


def _say(kept: Checkpoint) -> None:
    sys.stdout.write(f"{kept.step}\n")
    sys.stdout.flush()


if __name__ == "__main__":  # a training that a test kills: its pictures, and the folder it works in
    learn(Path(sys.argv[2]), PictureSet.from_folder(Path(sys.argv[1]), 32), on_checkpoint=_say, checkpoint_seconds=0.0)
