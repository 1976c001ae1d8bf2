"""A house style as a way to learn: photographs are painted so that a feature network sees the works' manner in them."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from generation.engines.house_style.beginning import MOST_WORKS, begin_in_manner_of
from generation.engines.house_style.losses import Manner, content_loss, gram, roughness, style_loss
from generation.engines.house_style.networks import HousePainter
from generation.engines.house_style.parameters import HouseStyleTrainingParameters
from generation.engines.style.features.efficientnet import EfficientNetLite
from generation.engines.training.method import Facts, Loss, Phase, RepaintingMethod
from generation.engines.training.pictures import PictureSet, pieces_of

PAINTER = "painter"
WIDTH = 8  # of the network that knows many styles


class HouseStyleMethod(RepaintingMethod[HouseStyleTrainingParameters]):
    """Johnson et al. (2016) with instance normalisation; from nothing, or from the network that knows many styles."""

    def __init__(self, parameters: HouseStyleTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.width = WIDTH if parameters.method == "fine-tune" else parameters.width
        self.painter = HousePainter(width=self.width)
        self._networks = nn.ModuleDict({PAINTER: self.painter})
        optimiser = torch.optim.Adam(self.painter.parameters(), parameters.learning_rate, (0.9, 0.99), fused=True)
        self._phases = [Phase(PAINTER, self.painter, optimiser)]
        # Always this one, though an operator may have VGG-19: a training goes on wherever it is taken up again.
        self.features = EfficientNetLite.load(device)
        self._manner: Manner = {}
        self._looked_at = {*self.features.style_layers, *self.features.content_layers}

    def begin(self, pictures: PictureSet) -> None:
        """Look at the works, and take their mean manner to begin with. Raises WeightsMissing."""
        works = pictures.train.of(self.halves[1], most=MOST_WORKS).pictures
        self._manner = self.manner_of(works)
        if self.parameters.method == "fine-tune":
            begin_in_manner_of(self.painter, works)

    @property
    def shown(self) -> Sequence[Sequence[int]]:
        """Photographs alone: of the works all is known from the beginning."""
        return self.halves[:1]

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
        photographs = (pictures + 1.0) / 2.0
        painted = self.painter(photographs)
        style, content = self.losses(painted, photographs)
        rough = self.parameters.smoothness * roughness(painted)
        total = self.parameters.style_weight * style.mean() + content.mean() + rough
        parts = {"style": style.mean(), "content": content.mean(), "rough": rough}
        return Loss(total, {name: part.detach() for name, part in parts.items()})

    def losses(self, painted: Tensor, photographs: Tensor) -> tuple[Tensor, Tensor]:
        """How far N paintings are from the works' manner, and from their photographs; pictures in 0..1."""
        with torch.no_grad():
            given = self.features(photographs, self.features.content_layers)
        seen = self.features(painted, self._looked_at)
        return style_loss(seen, self._manner), content_loss(seen, given, self.features.content_layers)

    def repaint(self, kept: nn.Module, photographs: Tensor) -> Tensor:
        painted: Tensor = kept((photographs + 1.0) / 2.0)
        return painted * 2.0 - 1.0

    def validation_loss(self, kept: nn.Module, pictures: Tensor, classes: Tensor) -> Tensor | None:
        photographs = (pictures + 1.0) / 2.0
        style, content = self.losses(kept(photographs), photographs)
        return self.parameters.style_weight * style.mean() + content.mean()

    def measures(self, kept: nn.Module, pictures: Tensor) -> dict[str, float]:
        photographs = (pictures + 1.0) / 2.0
        style, content = self.losses(kept(photographs), photographs)
        return {"style": float(style.mean()), "content": float(content.mean())}

    def describe(self) -> dict[str, object]:
        return {"method": self.parameters.method, "width": self.width, "features": self.features.name}

    @torch.inference_mode()
    def manner_of(self, works: Tensor) -> Manner:
        """The mean Gram matrices of works (uint8), by layer."""
        sums: dict[str, Tensor] = {}
        for some in torch.split(works, pieces_of(works.shape[-1])):
            seen = self.features(some.to(self.device, torch.float32) / 255.0, self.features.style_layers)
            for layer, activations in seen.items():
                sums[layer] = sums.get(layer, torch.zeros(())) + gram(activations).sum(0)
        return {layer: total.clone() / len(works) for layer, total in sums.items()}
