"""What the three ways to learn an autoencoder have in common: remake pictures, before a judge of sharpness."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from generation.engines.autoencoder.autoencoder import Autoencoder
from generation.engines.autoencoder.chain import chain
from generation.engines.autoencoder.judges import PatchJudge, unlike
from generation.engines.autoencoder.losses import judge_loss, picture_error
from generation.engines.autoencoder.parameters import STEPS, TEMPERATURE, AutoencoderTrainingParameters
from generation.engines.training.method import Facts, Loss, Phase, SamplingMethod

AUTOENCODER, JUDGE = "autoencoder", "judge"
_JUDGE_WIDTH = 24
_JUDGED_FROM = 5_000  # pictures: before, there is nothing worth judging; twice later it has its full say


@dataclass
class Remade:
    """What came of some pictures."""

    pictures: Tensor
    painted: Tensor
    costs: dict[str, Tensor] = field(default_factory=dict)  # further losses, by their names on the curve
    latents: Tensor | None = None


# What a later phase minimises (a scalar), of what the first phase made of the same pictures; all chance is handed in.
LaterLoss = Callable[[Remade, torch.Generator], Tensor]


class AutoencoderMethod(SamplingMethod[AutoencoderTrainingParameters]):
    """Phases: the autoencoder; the judge of its pictures, if there is one; whatever a kind adds."""

    def __init__(self, parameters: AutoencoderTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.images = 0
        self._made: dict[str, list[Remade]] = {}  # what the first phase made of each piece, for those after it
        self.autoencoder = self.build()
        self._networks = nn.ModuleDict({AUTOENCODER: self.autoencoder})
        self._later: dict[str, LaterLoss] = {}
        self._phases = [self._phase(AUTOENCODER, self.learning(), parameters.learning_rate, (0.9, 0.99))]
        if parameters.sharpness > 0:
            self.judge = PatchJudge(_JUDGE_WIDTH)
            self._networks[JUDGE] = self.judge
            self.add_phase(JUDGE, self.judge, self._judging, parameters.learning_rate / 2, (0.5, 0.9))

    @abstractmethod
    def build(self) -> Autoencoder:
        """Make the autoencoder that is kept."""

    @abstractmethod
    def remake(self, pictures: Tensor, generator: torch.Generator) -> Remade:
        """Encode and decode pictures as for learning."""

    def learning(self) -> nn.Module:
        """The part of the autoencoder that learns to remake."""
        return self.autoencoder

    def add_phase(
        self, name: str, network: nn.Module, loss: LaterLoss, rate: float, betas: tuple[float, float]
    ) -> None:
        """Let a network learn in a phase of its own, after the first and on what that made."""
        self._later[name] = loss
        self._phases.append(self._phase(name, network, rate, betas))

    @property
    def networks(self) -> nn.ModuleDict:
        return self._networks

    @property
    def kept(self) -> nn.Module:
        return self.autoencoder

    @property
    def phases(self) -> Sequence[Phase]:
        return self._phases

    def loss(self, phase: str, pictures: Tensor, classes: Tensor, generator: torch.Generator) -> Loss:
        if phase == AUTOENCODER:
            return self._remaking(pictures, generator)
        later = self._later[phase](self._made[phase].pop(0), generator)
        return Loss(later, {phase: later.detach()})

    def sample(self, kept: nn.Module, count: int, generator: torch.Generator, classes: Tensor | None = None) -> Tensor:
        assert isinstance(kept, Autoencoder)
        *_, latents = chain(kept, kept.draw(count, TEMPERATURE, generator), STEPS, generator)
        return kept.decode(latents).clamp(-1.0, 1.0)

    def validation_loss(self, kept: nn.Module, pictures: Tensor, classes: Tensor) -> Tensor | None:
        assert isinstance(kept, Autoencoder)
        return picture_error(self.remade(kept, pictures), pictures)

    def remade(self, kept: nn.Module, pictures: Tensor) -> Tensor:
        assert isinstance(kept, Autoencoder)
        return kept.decode(kept.settled(kept.encode(pictures)))

    def after_step(self, images: int) -> None:
        self.images = images
        self._made.clear()

    def state(self) -> dict[str, float]:
        """Where the schedules stand."""
        return {"images": self.images}

    def load_state(self, state: Mapping[str, float]) -> None:
        self.images = int(state["images"])

    def describe(self) -> dict[str, object]:
        return {"method": self.parameters.kind, "shape": dict(self.shape())}

    @abstractmethod
    def shape(self) -> Mapping[str, float]:
        """What the autoencoder is built from."""

    def _remaking(self, pictures: Tensor, generator: torch.Generator) -> Loss:
        remade = self.remake(pictures, generator)
        error = picture_error(remade.painted, pictures)
        costs = {"error": error, **remade.costs}
        strength = self.parameters.sharpness * min(1.0, max(0.0, self.images / _JUDGED_FROM - 1.0))
        if strength > 0:
            costs["unsharp"] = strength * self._unsharp(remade)
        latents = None if remade.latents is None else remade.latents.detach()
        kept = Remade(pictures, remade.painted.detach(), latents=latents)
        for phase in self._later:
            self._made.setdefault(phase, []).append(kept)
        return Loss(torch.stack(list(costs.values())).sum(), {name: cost.detach() for name, cost in costs.items()})

    def _unsharp(self, remade: Remade) -> Tensor:
        """What gives painted pictures away to the judge."""
        with torch.no_grad():
            _, real = self.judge(remade.pictures)
        said, seen = self.judge(remade.painted)
        return unlike(seen, real) - torch.mean(said)

    def _judging(self, remade: Remade, generator: torch.Generator) -> Tensor:
        said, _ = self.judge(torch.cat([remade.pictures, remade.painted]))
        return judge_loss(said[: len(remade.pictures)], said[len(remade.pictures) :])

    def _phase(self, name: str, network: nn.Module, rate: float, betas: tuple[float, float]) -> Phase:
        return Phase(name, network, torch.optim.AdamW(network.parameters(), rate, betas, weight_decay=0.01, fused=True))
