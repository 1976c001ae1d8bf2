"""A person's photograph, painted in one artist's manner."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import torch
from PIL import Image

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import bytes_of, convolution_dtype, memory_guard
from generation.engines.errors import InvalidInputs, ModelUnusable, WeightsMissing
from generation.engines.house_style.declarations import KIND
from generation.engines.house_style.networks import HousePainter, transformer_weights
from generation.engines.house_style.parameters import HouseStyleParameters, HouseStyleTrainingParameters
from generation.engines.style import draft, printing
from generation.engines.style.brief import Brief
from generation.engines.style.declarations import ArbitraryStyleParameters
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.predictor import StylePredictor
from generation.engines.style.transformer import StyleTransformer
from generation.engines.training import checkpoint

_MOST_ELONGATED = 16  # beyond this the shorter side has too few pixels to go by


class OneManner(StyleNetworks):
    """Style networks that know one manner: however a picture is described, it is painted in that."""

    def __init__(self, transformer: StyleTransformer, device: torch.device) -> None:
        with torch.device("meta"):  # it is never asked, and takes no memory
            nobody = StylePredictor()
        super().__init__(nobody, transformer, device)

    def describe(self, pictures: Sequence[Image.Image]) -> torch.Tensor:
        """The one number, which counts for nothing, that stands for the manner: (n, 1)."""
        return torch.zeros(len(pictures), 1, device=self.device)


class HouseStyle(Engine[HouseStyleParameters]):
    """Paints with the style transformer, in the one manner that was learnt: at once, or as a print, strip by strip."""

    def __init__(self, networks: OneManner, model_hash: str) -> None:
        self.networks, self.model_hash = networks, model_hash
        self.size = bytes_of(networks.transformer)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read the model's file and fold its weights for `device`. Raises WeightsMissing, ModelUnusable."""
        if weights is None:
            raise WeightsMissing("A model has to be named: this engine has none of its own.")
        snapshot = checkpoint.read(weights)
        if snapshot.notes.get("kind") != KIND:
            raise ModelUnusable(f"This model is no {KIND}.")
        try:
            painter = _painter(snapshot.notes)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelUnusable("The model's file does not say what is needed to paint with it.") from error
        checkpoint.furnish(painter, snapshot.tensors)
        with torch.no_grad():
            transformer = StyleTransformer(transformer_weights(painter.state_dict()), convolution_dtype(device))
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
        return cls(OneManner(transformer.eval().to(device), device), digest)

    @torch.inference_mode()
    def run(self, request: Request[HouseStyleParameters], context: Context) -> list[Artifact]:
        """Paint one photograph. Raises InvalidInputs, ScratchFull, Cancelled, OutOfMemory."""
        wanted = request.parameters
        (photograph,) = request.images("content")
        if max(photograph.size) > _MOST_ELONGATED * min(photograph.size):
            raise InvalidInputs("The photograph cannot be painted.", {"content": ["It is too long and narrow."]})
        chosen = ArbitraryStyleParameters(quality=wanted.quality, size=wanted.size, keep_colours=wanted.keep_colours)
        brief = Brief(chosen=chosen, photograph=photograph, styles=(photograph,), masks=())
        paint = printing.paint if wanted.quality == "print" else draft.paint
        with memory_guard():
            return paint(self.networks, brief, context)


def _painter(notes: Mapping[str, Any]) -> HousePainter:
    """Without memory: the file's own tensors take their places. Raises KeyError, TypeError, ValueError."""
    HouseStyleTrainingParameters.model_validate({"resolution": notes["resolution"], "width": notes["width"]})
    with torch.device("meta"):
        return HousePainter(width=notes["width"])
