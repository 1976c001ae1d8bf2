"""A trained painter, read from its file and ready to paint."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from generation.engines.errors import InvalidParameters, ModelUnusable, WeightsMissing
from generation.engines.gan.dcgan import SIDE, DcganGenerator
from generation.engines.gan.declarations import KIND
from generation.engines.gan.networks import NARROWEST, Generator
from generation.engines.gan.parameters import MOST_DIRECTIONS, GanTrainingParameters
from generation.engines.training import checkpoint

_MEAN_OF = 4096  # styles
_NARROWEST_ONCE = 4  # in files that do not say
_PIXELS_AT_ONCE = 32 * 128 * 128  # that are painted: what layers hold meanwhile is some twenty times as much


class Painter:
    """From seeds to pictures by one model; styles are what truncation and directions move."""

    def __init__(self, network: Generator | DcganGenerator, latent: int, classes: tuple[str, ...]) -> None:
        self.network = network.requires_grad_(False).eval()
        self.latent, self.classes = latent, classes
        self.device = next(network.parameters()).device
        self._means: dict[int, Tensor] = {}
        self.directions = self._discover()

    @classmethod
    def load(cls, device: torch.device, weights: Path | None) -> "Painter":
        """Read a model's file. Raises WeightsMissing, ModelUnusable."""
        if weights is None:
            raise WeightsMissing("A model has to be named: this engine has none of its own.")
        snapshot = checkpoint.read(weights)
        notes = snapshot.notes
        try:
            if notes["kind"] != KIND:
                raise ModelUnusable(f"This model is of the kind “{notes['kind']}”, not “{KIND}”.")
            network = _network(notes)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelUnusable("The model's file does not say what is needed to paint with it.") from error
        checkpoint.furnish(network, snapshot.tensors)
        return cls(network.to(device), int(notes["latent"]), tuple(notes["classes"]))

    def class_number(self, name: str, chance: torch.Generator) -> int:
        """The number of a class, by chance where none is named. Raises InvalidParameters."""
        if not self.classes:
            if name:
                raise InvalidParameters("This model knows no classes.", {"class_name": ["This model has no classes."]})
            return 0
        if not name:
            return int(torch.randint(0, len(self.classes), (), generator=chance))
        if name not in self.classes:
            known = f"One of: {', '.join(self.classes)}."
            raise InvalidParameters(f"The model knows no class “{name}”.", {"class_name": [known]})
        return self.classes.index(name)

    def draw(self, chance: torch.Generator, kind: int, truncation: float, directions: tuple[float, ...]) -> Tensor:
        """The style 1 x latent that a seed stands for, drawn towards the mean and moved along directions."""
        noise = torch.randn(1, self.latent, generator=chance).to(self.device)
        mean = self.mean_style(kind)
        style = mean + (self._map(noise, kind) - mean) * truncation
        for strength, direction in zip(directions, self.directions, strict=False):
            style = style + strength * direction
        return style

    def paint(self, styles: Tensor) -> Tensor:
        """Pictures N x 3 x R x R in -1..1; large ones are painted few at a time, so that memory is bounded."""
        network = self.network
        paint = network.paint if isinstance(network, Generator) else network
        return torch.cat([paint(some).clamp(-1.0, 1.0) for some in torch.split(styles, self.at_once)])

    @property
    def at_once(self) -> int:
        """How many pictures are painted together at most."""
        return max(1, _PIXELS_AT_ONCE // self.side**2)

    @property
    def side(self) -> int:
        """Of what is painted, in pixels."""
        return self.network.resolution if isinstance(self.network, Generator) else SIDE

    def mean_style(self, kind: int) -> Tensor:
        """The style of the average picture (of a class), 1 x latent."""
        if kind not in self._means:
            noise = torch.randn(_MEAN_OF, self.latent, generator=torch.Generator().manual_seed(0)).to(self.device)
            self._means[kind] = self._map(noise, kind).mean(0, keepdim=True)
        return self._means[kind]

    def _map(self, noise: Tensor, kind: int) -> Tensor:
        if not isinstance(self.network, Generator):
            return noise  # the plain DCGAN paints from the noise itself
        kinds = torch.full((len(noise),), kind, device=self.device) if self.classes else None
        return self.network.map(noise, kinds)

    def _discover(self) -> Tensor:
        """Directions K x latent, orthonormal, the most telling first.

        For a styled painter the singular vectors of all that styles scale (Shen, Zhou, "Closed-Form Factorization of
        Latent Semantics in GANs", 2021), for the DCGAN those of its first layer. Signs are made unique.
        """
        network = self.network
        first = next(network.parameters()).flatten(1).T
        weights = network.style_weights() if isinstance(network, Generator) else first
        found = torch.linalg.svd(weights.float().cpu(), full_matrices=False).Vh[:MOST_DIRECTIONS]
        signs = found.gather(1, found.abs().argmax(1, keepdim=True)).sign()
        return torch.mul(found, signs).to(self.device)


def _network(notes: Mapping[str, Any]) -> Generator | DcganGenerator:
    """Without memory: the file's own tensors take their places. Raises KeyError, TypeError, ValueError."""
    shape = {name: notes[name] for name in ("architecture", "resolution", "latent", "width")}
    chosen = GanTrainingParameters.model_validate(shape)  # no size beyond what could have been trained
    narrowest = int(notes.get("narrowest", _NARROWEST_ONCE))
    if not _NARROWEST_ONCE <= narrowest <= NARROWEST:
        raise ValueError("No layer of a painter was ever that narrow, or that wide.")
    with torch.device("meta"):
        if chosen.architecture == "dcgan":
            return DcganGenerator(chosen.latent)
        return Generator(
            resolution=chosen.resolution, latent=chosen.latent, width=chosen.width, classes=len(notes["classes"]),
            narrowest=narrowest,
        )  # fmt: skip
