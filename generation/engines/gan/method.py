"""The few-shot GAN as a way to learn: for an artist's fifty to five thousand pictures.

Relativistic pairs with R1 and R2 (R3GAN), taken lazily as StyleGAN2 does; augmentation of what the judge sees; the
painter's moving average is the model.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean

import torch
from torch import Tensor, nn

from generation.engines.gan.augmentation import adapted, augment
from generation.engines.gan.dcgan import DcganDiscriminator, DcganGenerator
from generation.engines.gan.losses import gradient_penalty, judge_loss, painter_loss
from generation.engines.gan.networks import NARROWEST, Discriminator, Generator
from generation.engines.gan.parameters import GanTrainingParameters
from generation.engines.training import parallel
from generation.engines.training.method import Facts, Loss, Phase, SamplingMethod

_FEW = 20_000  # pictures below which they are augmented
JUDGE, PAINTER = "discriminator", "generator"


class FewShotGan(SamplingMethod[GanTrainingParameters]):
    """A painter and a judge that learn from each other."""

    def __init__(self, parameters: GanTrainingParameters, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.painter, self.judge = _networks(parameters, len(facts.classes))
        self._adapts = parameters.augmentation == "auto" and facts.pictures < _FEW
        self._share = 1.0 if parameters.augmentation == "full" else 0.0  # of the pictures, that are augmented
        self._trust: list[float] = []  # of this step's pieces
        self._networks = nn.ModuleDict({PAINTER: self.painter, JUDGE: self.judge})
        if parameters.architecture == "dcgan":
            rate, betas = parameters.learning_rate, (0.5, 0.999)
        else:
            rate, betas = parameters.learning_rate, (0.0, 0.99)
        self._phases = [
            Phase(name, network, torch.optim.Adam(network.parameters(), rate, betas, fused=True))
            for name, network in ((JUDGE, self.judge), (PAINTER, self.painter))
        ]
        self._images = 0
        self._judge_loss = math.nan
        self._kept_painted: Tensor | None = None

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
        kinds = classes if self.facts.classes else None
        noise = torch.randn(len(pictures), self.parameters.latent, generator=generator).to(pictures.device)
        if phase == JUDGE:
            return self._judge(pictures, kinds, noise, generator)
        return self._paint(pictures, kinds, noise, generator)

    def sample(self, kept: nn.Module, count: int, generator: torch.Generator, classes: Tensor | None = None) -> Tensor:
        noise = torch.randn(count, self.parameters.latent, generator=generator).to(self.device)
        painted: Tensor = kept(noise, None if classes is None else classes.to(self.device))
        return painted.clamp(-1, 1)

    def after_step(self, images: int) -> None:
        if self._adapts:
            trust = parallel.agree(fmean(self._trust))
            self._share = adapted(self._share, trust, images - self._images, self.facts.pictures)
        self._images = images
        self._trust.clear()

    def state(self) -> dict[str, float]:
        """Where the lazy penalty and the augmentation stand."""
        return {"images": self._images, "share": self._share}

    def load_state(self, state: Mapping[str, float]) -> None:
        self._images, self._share = int(state["images"]), float(state["share"])

    def describe(self) -> dict[str, object]:
        chosen = self.parameters
        return {
            "architecture": chosen.architecture, "latent": chosen.latent, "width": chosen.width, "narrowest": NARROWEST,
        }  # fmt: skip

    def _judge(self, pictures: Tensor, kinds: Tensor | None, noise: Tensor, chance: torch.Generator) -> Loss:
        painted = self._painted(pictures, kinds, noise)
        penalised = (
            self.parameters.penalty > 0
            and self._images // self.parameters.batch_size % (self.parameters.penalty_every) == 0
        )
        real, painted = (self._seen(some, chance).detach().requires_grad_(penalised) for some in (pictures, painted))
        judged_real, judged_painted = self.judge(real, kinds), self.judge(painted, kinds)
        loss = judge_loss(judged_real, judged_painted, self.parameters.loss)
        self._judge_loss = float(loss.detach())
        trust = (judged_real > judged_painted).float().mean()
        self._trust.append(float(trust))
        parts = {"discriminator": loss.detach(), "trust": trust, "augmented": torch.tensor(self._share)}
        if penalised:
            steep = gradient_penalty(judged_real, real), gradient_penalty(judged_painted, painted)
            loss = loss + self.parameters.penalty / 2 * self.parameters.penalty_every * (steep[0] + steep[1])
            parts["penalty"] = (steep[0] + steep[1]).detach()
        return Loss(loss, parts)

    def _paint(self, pictures: Tensor, kinds: Tensor | None, noise: Tensor, chance: torch.Generator) -> Loss:
        painted = self._kept_painted
        self._kept_painted = None
        if painted is None:
            painted = self.painter(noise, kinds)
        judged = self.judge(self._seen(painted, chance), kinds)
        real = judged.detach()
        if self.parameters.loss == "relativistic":
            with torch.no_grad():
                real = self.judge(self._seen(pictures, chance), kinds)
        loss = painter_loss(real, judged, self.parameters.loss)
        combined = loss.detach() + self.parameters.report_weight * self._judge_loss
        return Loss(loss, {"generator": loss.detach(), "combined": combined})

    def _painted(self, pictures: Tensor, kinds: Tensor | None, noise: Tensor) -> Tensor:
        """What the judge learns from, kept for the painter, who has not moved by then: it need not paint twice."""
        if self.parameters.accumulate > 1:  # a step is cut up to save memory
            with torch.no_grad():
                painted: Tensor = self.painter(noise, kinds)
            return painted.to(pictures.dtype)
        self.painter.requires_grad_(True)
        self._kept_painted = self.painter(noise, kinds)
        self.painter.requires_grad_(False)
        return self._kept_painted.detach().to(pictures.dtype)

    def _seen(self, pictures: Tensor, chance: torch.Generator) -> Tensor:
        return augment(pictures.float(), chance, self._share) if self._share > 0 else pictures


def _networks(chosen: GanTrainingParameters, classes: int) -> tuple[nn.Module, nn.Module]:
    if chosen.architecture == "dcgan":
        return DcganGenerator(chosen.latent), DcganDiscriminator()
    shape = {"resolution": chosen.resolution, "width": chosen.width, "classes": classes}
    return Generator(latent=chosen.latent, **shape), Discriminator(**shape)
