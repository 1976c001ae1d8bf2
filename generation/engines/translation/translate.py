"""A person's photograph, turned into what a collection of works looks like."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.device import bytes_of, convolution_dtype, memory_guard
from generation.engines.errors import ModelUnusable, WeightsMissing
from generation.engines.house_style.networks import HousePainter, transformer_weights
from generation.engines.pictures import fit, fitted_size, to_image, to_tensor
from generation.engines.style.transformer import StyleTransformer
from generation.engines.training import checkpoint
from generation.engines.translation.declarations import KIND
from generation.engines.translation.parameters import TranslateParameters, TranslationTrainingParameters

MULTIPLE = 4  # what the sides of pictures are divisible by
_SMALLEST = 16  # pixels: below, reflection at the edges has nothing to reflect


class Translate(Engine[TranslateParameters]):
    """Paints a photograph by one trained translation."""

    def __init__(self, painter: StyleTransformer, resolution: int, device: torch.device, model_hash: str) -> None:
        self.painter, self.resolution, self.device, self.model_hash = painter, resolution, device, model_hash
        self.size = bytes_of(painter)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read the model's file. Raises WeightsMissing, ModelUnusable."""
        if weights is None:
            raise WeightsMissing("A model has to be named: this engine has none of its own.")
        snapshot = checkpoint.read(weights)
        if snapshot.notes.get("kind") != KIND:
            raise ModelUnusable(f"This model is no {KIND}.")
        try:
            painter, resolution = _painter(snapshot.notes), int(snapshot.notes["resolution"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelUnusable("The model's file does not say what is needed to paint with it.") from error
        checkpoint.furnish(painter, snapshot.tensors)
        with torch.no_grad():
            folded = StyleTransformer(transformer_weights(painter.state_dict()), convolution_dtype(device))
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
        return cls(folded.eval().to(device), resolution, device, digest)

    @torch.inference_mode()
    def run(self, request: Request[TranslateParameters], context: Context) -> list[Artifact]:
        """Paint one photograph, whole. Raises Cancelled, OutOfMemory."""
        chosen = request.parameters
        (photograph,) = request.images("content")
        with memory_guard():
            context.progress(0.1, stage="Painting")
            seen = self._seen(photograph, min(chosen.size, round(self.resolution * chosen.detail)))
            painted = self._painted(to_tensor(seen, self.device))
        image = to_image(painted)
        size = fitted_size(photograph, chosen.size)
        return [Artifact(image=image if image.size == size else image.resize(size, Image.Resampling.LANCZOS))]

    def _seen(self, photograph: Image.Image, longest: int) -> Image.Image:
        """The photograph as large as the model looks at it; a long and narrow one not too narrow to look at."""
        seen = fit(photograph, longest)
        least = max(_SMALLEST, min(seen.size))
        return seen if min(seen.size) == least else seen.resize((max(least, seen.width), max(least, seen.height)))

    def _painted(self, pixels: Tensor) -> Tensor:
        """1 x 3 x H x W in 0..1, of any sides."""
        height, width = pixels.shape[2:]
        margin = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
        manner = torch.zeros(1, 1, device=self.device)  # the one number that counts for nothing: it knows one manner
        painted: Tensor = self.painter(functional.pad(pixels, margin, mode="reflect"), manner)
        return painted[..., :height, :width]


def _painter(notes: Mapping[str, Any]) -> HousePainter:
    """Without memory: the file's own tensors take their places. Raises KeyError, TypeError, ValueError."""
    TranslationTrainingParameters.model_validate({"resolution": notes["resolution"], "width": notes["width"]})
    with torch.device("meta"):
        return HousePainter(width=notes["width"])
