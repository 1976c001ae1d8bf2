"""The toy way to learn: two numbers a picture, and whatever a test wants to happen while they are learnt."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from PIL import Image
from torch import Tensor, nn

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.training import checkpoint
from generation.engines.training.learner import Learner
from generation.engines.training.method import Facts, Loss, Phase, SamplingMethod
from tests.generation.toy import ToySampleParameters, ToyTrainingParameters


class ToyMethod(SamplingMethod[ToyTrainingParameters]):
    """The mean colour of the pictures, by gradient descent with momentum."""

    def __init__(self, parameters: ToyTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.network = nn.ParameterDict({"colour": torch.randn(3)})
        self.optimiser = torch.optim.Adam(self.network.parameters(), parameters.learning_rate)

    @property
    def networks(self) -> nn.ModuleDict:
        return nn.ModuleDict({"toy": self.network})

    @property
    def kept(self) -> nn.Module:
        return self.network

    @property
    def phases(self) -> Sequence[Phase]:
        return [Phase("toy", self.network, self.optimiser)]

    def loss(self, phase: str, pictures: Tensor, classes: Tensor, generator: torch.Generator) -> Loss:
        noise = torch.randn(3, generator=generator) * 0.1
        error = (pictures.mean((0, 2, 3)) + noise - self.network["colour"]).square().mean()
        return Loss(error * self._happening(), {"error": error.detach()})

    def sample(self, kept: nn.Module, count: int, generator: torch.Generator, classes: Tensor | None = None) -> Tensor:
        side = self.parameters.resolution
        shades = torch.randn(count, 3, 1, 1, generator=generator) * 0.1
        assert isinstance(kept, nn.ParameterDict)
        found: Tensor = (kept["colour"][None, :, None, None] + shades).expand(count, 3, side, side)
        return found.clamp(-1.0, 1.0)

    def validation_loss(self, kept: nn.Module, pictures: Tensor, classes: Tensor) -> Tensor | None:
        assert isinstance(kept, nn.ParameterDict)
        return torch.mean((pictures.mean((0, 2, 3)) - kept["colour"]) ** 2)

    def describe(self) -> dict[str, object]:
        return {}

    def after_step(self, images: int) -> None:
        self.images = images

    def state(self) -> dict[str, float]:
        return {"images": self.images}

    def load_state(self, state: Any) -> None:
        self.images = int(state["images"])

    images = 0

    def _happening(self) -> float:
        """What a test wants to happen at this step; a mark in the folder says that it is there."""
        chosen = self.parameters
        if not chosen.gate or self.images < chosen.at:
            return 1.0
        gate = Path(chosen.gate)
        (gate / f"{chosen.behaviour}.started").write_text(str(os.getpid()))
        match chosen.behaviour:
            case "slow" if not (gate / "open").exists():
                time.sleep(0.05)
            case "diverge":
                return float("nan")
            case "out-of-memory":
                raise torch.OutOfMemoryError("CUDA out of memory, as it were.")
            case "die":
                os._exit(9)
            case "die-once" if not (gate / "died").exists():
                (gate / "died").touch()
                os._exit(9)
        return 1.0


class ToyLearner(Learner):
    """The engine that trains it."""

    method, kind = ToyMethod, "toy"


class ToySampler(Engine[ToySampleParameters]):
    """Paints the colour that was learnt, with a shade by seed."""

    def __init__(self, colour: Tensor, model_hash: str) -> None:
        self.colour, self.model_hash = colour, model_hash

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        assert weights is not None
        (learnt,) = checkpoint.read(weights, device).tensors.values()
        return cls(learnt.expand(3), weights.stem)

    def run(self, request: Request[ToySampleParameters], context: Context) -> list[Artifact]:
        shade = torch.randn(3, generator=context.generator) * 0.3
        pixel = ((self.colour + shade).clamp(-1.0, 1.0) + 1.0) * 127.5
        return [Artifact(image=Image.new("RGB", (64, 64), tuple(int(part) for part in pixel)))]
