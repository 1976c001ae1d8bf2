"""Unpaired translation between two collections as a way to learn.

Contrastive learning between places of a photograph and of what becomes of it (CUT, Park et al. 2020), beside a judge of
patches that knows the works; what the judge sees is augmented by as much as it knows by heart (as for the GAN).
"""

from collections.abc import Mapping, Sequence
from statistics import fmean

import torch
from torch import Tensor, nn

from generation.engines.autoencoder.judges import PatchJudge
from generation.engines.autoencoder.losses import judge_loss
from generation.engines.gan.augmentation import adapted, augment
from generation.engines.training import parallel
from generation.engines.training.method import Facts, Loss, Phase, RepaintingMethod
from generation.engines.translation.losses import patch_contrast
from generation.engines.translation.networks import PatchHeads, Translator
from generation.engines.translation.parameters import TranslationTrainingParameters

PAINTER, HEADS, JUDGE = "painter", "heads", "judge"
_JUDGE_WIDTH = 32


class CollectionTranslation(RepaintingMethod[TranslationTrainingParameters]):
    """A painter that turns photographs into works, and a judge that tells these from real ones, patch by patch."""

    def __init__(self, parameters: TranslationTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.painter = Translator(width=parameters.width, blocks=parameters.blocks)
        self.heads = PatchHeads(self.painter.channels)
        self.judge = PatchJudge(_JUDGE_WIDTH)
        self._networks = nn.ModuleDict({PAINTER: self.painter, HEADS: self.heads, JUDGE: self.judge})
        learning = nn.ModuleList([self.painter, self.heads])
        self._phases = [
            Phase(name, network, torch.optim.Adam(network.parameters(), parameters.learning_rate, betas, fused=True))
            for name, network, betas in ((JUDGE, self.judge, (0.0, 0.99)), (PAINTER, learning, (0.5, 0.99)))
        ]
        self._images, self._share = 0, 0.0
        self._trust: list[float] = []  # of this step's pieces

    @property
    def networks(self) -> nn.ModuleDict:
        return self._networks

    @property
    def kept(self) -> nn.Module:
        return self.painter

    @property
    def phases(self) -> Sequence[Phase]:
        return self._phases

    def loss(self, phase: str, pictures: Tensor, classes: Tensor, generator: torch.Generator) -> Loss:
        photographs, works = pictures[0::2], pictures[1::2]
        if phase == JUDGE:
            return self._judging(photographs, works, generator)
        return self._painting(photographs, works, generator)

    def repaint(self, kept: nn.Module, photographs: Tensor) -> Tensor:
        painted: Tensor = kept(photographs)
        return painted

    def after_step(self, images: int) -> None:
        trust = parallel.agree(fmean(self._trust))
        self._share = adapted(self._share, trust, images - self._images, self.facts.pictures)
        self._images = images
        self._trust.clear()

    def state(self) -> dict[str, float]:
        """Where the augmentation stands."""
        return {"images": self._images, "share": self._share}

    def load_state(self, state: Mapping[str, float]) -> None:
        self._images, self._share = int(state["images"]), float(state["share"])

    def describe(self) -> dict[str, object]:
        return {"width": self.parameters.width, "blocks": self.parameters.blocks}

    def _judging(self, photographs: Tensor, works: Tensor, chance: torch.Generator) -> Loss:
        with torch.no_grad():
            painted = self.painter(photographs).to(works.dtype)
        said, _ = self.judge(torch.cat([self._seen(works, chance), self._seen(painted, chance)]))
        real, ours = said.chunk(2)
        self._trust.append(float((real.mean((1, 2, 3)) > ours.mean((1, 2, 3))).float().mean()))
        loss = judge_loss(real, ours)
        return Loss(loss, {JUDGE: loss.detach(), "augmented": torch.tensor(self._share)})

    def _painting(self, photographs: Tensor, works: Tensor, chance: torch.Generator) -> Loss:
        chosen = self.parameters
        keeps = chosen.identity > 0
        given = torch.cat([photographs, works]) if keeps else photographs
        painted = self.painter(given)
        said, _ = self.judge(self._seen(painted[: len(photographs)], chance))
        costs = {"unlike": -said.mean()}
        if chosen.faithfulness > 0:
            costs["strayed"] = chosen.faithfulness * self._strayed(painted[: len(photographs)], photographs, chance)
        if keeps:
            costs["changed"] = chosen.identity * (painted[len(photographs) :] - works).abs().mean()
        return Loss(torch.stack(list(costs.values())).sum(), {name: cost.detach() for name, cost in costs.items()})

    def _strayed(self, painted: Tensor, given: Tensor, chance: torch.Generator) -> Tensor:
        """How hard it is to tell from which place of the photograph a painted place came, over the layers."""
        places = torch.rand(len(given), self.parameters.patches, 2, generator=chance).to(given.device)
        with torch.no_grad():
            before = self.painter.features(given)
        ours = self.heads(self.painter.features(painted.to(given.dtype)), places)
        theirs = self.heads(before, places)
        return torch.stack([patch_contrast(one, other) for one, other in zip(ours, theirs, strict=True)]).mean()

    def _seen(self, pictures: Tensor, chance: torch.Generator) -> Tensor:
        return augment(pictures.float(), chance, self._share) if self._share > 0 else pictures.float()
