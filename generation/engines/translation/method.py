"""Unpaired translation between two collections as a way to learn.

A painter that begins as the network that knows many styles, in the works' mean manner, learns to paint so that its
paintings, taken together, are what the works are: judged by a network that learns beside it what tells the two apart
(`judge.py`), and by how both are spread (`spreads.py`), which says from the first step on where to go. What a
photograph shows is held by which of its places are alike and which are dark (`losses.py`). What the judge sees is
augmented by as much as it knows by heart (as for the GAN).
"""

from collections.abc import Mapping, Sequence
from statistics import fmean

import torch
from torch import Tensor, nn

from generation.engines.gan.augmentation import adapted, augment
from generation.engines.house_style.beginning import MOST_WORKS, begin_in_manner_of
from generation.engines.house_style.losses import content_loss
from generation.engines.house_style.networks import HousePainter
from generation.engines.style.features.efficientnet import EfficientNetLite
from generation.engines.training import parallel
from generation.engines.training.method import Facts, Loss, Phase, RepaintingMethod
from generation.engines.training.pictures import PictureSet
from generation.engines.translation.judge import FeatureJudge, judging_loss, praise
from generation.engines.translation.losses import shape_error, tone_error
from generation.engines.translation.parameters import TranslationTrainingParameters
from generation.engines.translation.spreads import Spreads, manner_error

PAINTER, JUDGE = "painter", "judge"
_COMPARED = ("stem", "block1", "block2", "block3", "block5", "block7")  # layers in which paintings are spread as works
_JUDGED = ("block3", "block5", "block7")
_SHAPES = "block5"
_WEIGHTS = {"layers": 3.0, "colours": 1.0, "patches": 1.0, "shapes": 9.0, "tones": 1.0}
_JUDGE_PACE = 0.5  # of the painter's learning rate


class CollectionTranslation(RepaintingMethod[TranslationTrainingParameters]):
    """A painter that turns photographs into works, and a judge that tells these from real ones, place by place."""

    def __init__(self, parameters: TranslationTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.painter = HousePainter(width=parameters.width)
        self.judge = FeatureJudge({layer: EfficientNetLite.channels[layer] for layer in _JUDGED})
        self._networks = nn.ModuleDict({PAINTER: self.painter, JUDGE: self.judge})
        rate = parameters.learning_rate
        self._phases = [
            Phase(name, network, torch.optim.Adam(network.parameters(), own, betas, fused=True))
            for name, network, own, betas in (
                (PAINTER, self.painter, rate, (0.5, 0.99)),
                (JUDGE, self.judge, _JUDGE_PACE * rate, (0.0, 0.99)),
            )
        ]
        # Always this one, though an operator may have VGG-19: a training goes on wherever it is taken up again.
        self.features = EfficientNetLite.load(device)
        self._spreads: Spreads | None = None
        self._shown: list[dict[str, Tensor]] = []  # of this step's pieces, what the judge is to see of the paintings
        self._images, self._share = 0, 0.0
        self._trust: list[float] = []  # of this step's pieces

    def begin(self, pictures: PictureSet) -> None:
        """Look at the works, and take their mean manner to begin with. Raises WeightsMissing."""
        works = pictures.train.of(self.halves[1], most=MOST_WORKS).pictures
        begin_in_manner_of(self.painter, works)
        self._spreads = Spreads(self.features, _COMPARED, works, self.device)

    @property
    def networks(self) -> nn.ModuleDict:
        return self._networks

    @property
    def kept(self) -> nn.Module:
        return self.painter

    @property
    def phases(self) -> Sequence[Phase]:
        """The painter first: the judge is shown what it painted, and nothing is painted twice."""
        return self._phases

    def loss(self, phase: str, pictures: Tensor, classes: Tensor, generator: torch.Generator) -> Loss:
        photographs, works = (pictures[half::2].float().add(1.0).div(2.0).contiguous() for half in (0, 1))
        if phase == PAINTER:
            return self._painting(photographs, works, generator)
        return self._judging(works, generator)

    def repaint(self, kept: nn.Module, photographs: Tensor) -> Tensor:
        painted: Tensor = kept((photographs + 1.0) / 2.0)
        return painted * 2.0 - 1.0

    def measures(self, kept: nn.Module, pictures: Tensor) -> dict[str, float]:
        """How much of what photographs show is lost, as a share of what two of them differ by."""
        photographs = (pictures + 1.0) / 2.0
        painted, given = (self.features(some, (_SHAPES,)) for some in (kept(photographs), photographs))
        return {"content": float(content_loss(painted, given, (_SHAPES,)).mean())}

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
        return {"width": self.parameters.width, "features": self.features.name}

    def _painting(self, photographs: Tensor, works: Tensor, chance: torch.Generator) -> Loss:
        assert self._spreads is not None  # the trainer begins first
        painted = self.painter(photographs).contiguous()
        seen = self.features(painted, _COMPARED)
        with torch.no_grad():
            given = self.features(photographs, (_SHAPES,))[_SHAPES]
        errors = manner_error(self._spreads, seen, painted, works, chance)
        errors["shapes"] = shape_error(seen[_SHAPES], given).mean()
        errors["tones"] = tone_error(painted, photographs).mean()
        shown = self._as_shown(painted, chance, seen)
        self._shown.append({layer: maps.detach() for layer, maps in shown.items()})
        chosen = self.parameters
        shares = {"shapes": chosen.faithfulness, "tones": chosen.faithfulness}
        costs = {name: _WEIGHTS[name] * shares.get(name, 1.0) * error for name, error in errors.items()}
        costs["unlike"] = -chosen.strictness * praise(self.judge(shown)).mean()
        return Loss(torch.stack(list(costs.values())).sum(), {name: cost.detach() for name, cost in costs.items()})

    def _judging(self, works: Tensor, chance: torch.Generator) -> Loss:
        ours = self.judge(self._shown.pop(0))
        with torch.no_grad():
            shown = self._as_shown(works, chance)
        real = self.judge(shown)
        self._trust.append(float((praise(real) > praise(ours)).float().mean()))
        loss = judging_loss(real, ours)
        return Loss(loss, {JUDGE: loss.detach(), "augmented": torch.tensor(self._share)})

    def _as_shown(
        self, pictures: Tensor, chance: torch.Generator, seen: Mapping[str, Tensor] | None = None
    ) -> dict[str, Tensor]:
        """What the judge sees of pictures in 0..1: augmented by as much as it needs, else as they were seen already."""
        if self._share > 0:
            pictures = augment(pictures * 2.0 - 1.0, chance, self._share).add(1.0).div(2.0)
        elif seen is not None:
            return {layer: seen[layer] for layer in _JUDGED}
        found: dict[str, Tensor] = self.features(pictures, _JUDGED)
        return found
