"""Style transfer with any style: the engine around the predictor and the transformer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import torch
from PIL import Image
from torch.nn import functional

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.colour import lend_chroma
from generation.engines.device import convolution_dtype, memory_guard
from generation.engines.errors import InvalidInputs
from generation.engines.pictures import centre_square, fit, to_image, to_tensor
from generation.engines.style.declarations import ARBITRARY_STYLE, ArbitraryStyleParameters
from generation.engines.style.predictor import PREDICTOR_SIDE, StylePredictor
from generation.engines.style.transformer import MULTIPLE, StyleTransformer
from generation.engines.style.weights import MODEL_HASH, Weights, load_weights

_PREVIEW_SIDE = 256
_SOON_ENOUGH = 512  # up to this size the picture itself is there about as soon as a preview would be
_MOST_ELONGATED = 16  # beyond this the shorter side of the preview has too few pixels to go by


class ArbitraryStyle(Engine[ArbitraryStyleParameters]):
    """Paint a photograph in the manner of one picture or a blend of several."""

    model_hash = MODEL_HASH

    def __init__(self, predictor: StylePredictor, transformer: StyleTransformer, device: torch.device) -> None:
        self._predictor = predictor
        self._transformer = transformer
        self._device = device

    @classmethod
    def load(cls, device: torch.device, cache: Path) -> Self:
        """Read Magenta's weights and fold them for `device`; raises WeightsMissing."""
        weights = load_weights(cache)
        predictor = StylePredictor()
        predictor.load_state_dict(_part(weights, "predictor"))
        # the predictor stays in full precision: what it gets wrong, the whole picture shows
        predictor = predictor.eval().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        transformer = StyleTransformer(_part(weights, "transformer"), convolution_dtype(device)).eval().to(device)
        return cls(predictor, transformer, device)

    @torch.inference_mode()
    def run(self, request: Request[ArbitraryStyleParameters], context: Context) -> list[Artifact]:
        """Paint the photograph; raises InvalidInputs, OutOfMemory, Cancelled."""
        parameters = request.parameters
        photograph, styles = _pictures(request)
        with memory_guard():
            context.progress(0.0, stage="Looking at the styles")
            style = self._blend(styles, parameters.weights)
            if parameters.strength < 1:
                style = torch.lerp(self._describe([photograph])[0], style, parameters.strength)
            if parameters.size > _SOON_ENOUGH:
                context.check_cancelled()
                sketch = self._paint(fit(photograph, _PREVIEW_SIDE), style, parameters.keep_colours)
                context.progress(0.2, sketch, "Painting")
            painting = self._paint(fit(photograph, parameters.size), style, parameters.keep_colours)
        context.progress(1.0, painting, "Painted")
        return [Artifact(image=painting)]

    def _blend(self, styles: Sequence[Image.Image], weights: Sequence[float]) -> torch.Tensor:
        """Describe the styles and mix the descriptions: (100,)."""
        vectors = self._describe(styles)
        shares = torch.tensor(weights or [1.0] * len(styles), dtype=vectors.dtype, device=self._device)
        return (shares / shares.sum()) @ vectors

    def _describe(self, pictures: Sequence[Image.Image]) -> torch.Tensor:
        """Turn pictures into style vectors, one a row."""
        # one at a time, so that a picture is described the same whatever stands beside it
        squares = (to_tensor(centre_square(picture, PREDICTOR_SIDE), self._device) for picture in pictures)
        return torch.cat([self._predictor(square) for square in squares])

    def _paint(self, photograph: Image.Image, style: torch.Tensor, keep_colours: float) -> Image.Image:
        """Repaint at the photograph's own size, whatever it is."""
        pixels = to_tensor(photograph, self._device)
        height, width = pixels.shape[2:]
        margin = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
        painted = self._transformer(functional.pad(pixels, margin, mode="reflect"), style)[..., :height, :width]
        return to_image(lend_chroma(painted, pixels, keep_colours) if keep_colours > 0 else painted)


def _part(weights: Weights, name: str) -> Weights:
    return {key.removeprefix(f"{name}."): tensor for key, tensor in weights.items() if key.startswith(f"{name}.")}


def _pictures(request: Request[ArbitraryStyleParameters]) -> tuple[Image.Image, list[Image.Image]]:
    """Take the pictures out of a request; raises InvalidInputs, InvalidParameters."""
    counts = {name: len(pictures) for name, pictures in request.inputs.items()}
    ARBITRARY_STYLE.check_inputs(request.parameters, counts)
    (photograph,) = request.images("content")
    if max(photograph.size) > _MOST_ELONGATED * min(photograph.size):
        raise InvalidInputs("The photograph cannot be painted.", {"content": ["It is too long and narrow."]})
    return photograph, request.images("style")
