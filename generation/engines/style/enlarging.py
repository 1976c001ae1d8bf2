"""Reading a picture as if it had been brought to another size, a few rows at a time: the same rows whichever are read.

Pillow resizes a part of a picture too, but chooses by its shape whether rows or columns go first, and rounds in
between: what comes of a strip is not what comes of the whole. Here it does the columns alone; the rows are done by the
same filters.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch.nn import functional

MULTIPLE = 4  # the network halves the picture twice
Numbers = npt.NDArray[np.float64]
_LANCZOS = 3
# Each filter and how far it reaches, in pixels of the coarser picture.
_FILTERS: Mapping[Image.Resampling, tuple[Callable[[Numbers], Numbers], int]] = {
    Image.Resampling.LANCZOS: (lambda x: np.where(abs(x) < _LANCZOS, np.sinc(x) * np.sinc(x / _LANCZOS), 0), _LANCZOS),
    Image.Resampling.BILINEAR: (lambda x: np.maximum(0, 1 - abs(x)), 1),
}


def resized_rows(
    image: Image.Image,
    size: tuple[int, int],
    first: int,
    last: int,
    filtered: Image.Resampling = Image.Resampling.LANCZOS,
) -> Image.Image:
    """Rows `first` to `last`, not included, of a grey or RGB picture brought to a size (width, height)."""
    width, height = size
    if image.size == size:
        return image.crop((0, first, width, last))
    places, weights = _taps(image.height, height, first, last, filtered)
    above, below = int(places.min()), int(places.max()) + 1
    piece = image.crop((0, above, image.width, below)).resize((width, below - above), filtered)
    rows = np.asarray(piece, np.float32).reshape(below - above, -1)
    mixed = np.zeros((last - first, rows.shape[1]), np.float32)
    for place, weight in zip(places.T, weights.T, strict=True):
        mixed += weight[:, None] * rows[place - above]
    shape = (last - first, width) if image.mode == "L" else (last - first, width, 3)
    return Image.fromarray((mixed.clip(0, 255) + 0.5).astype(np.uint8).reshape(shape))


def _taps(
    source: int, target: int, first: int, last: int, filtered: Image.Resampling
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Which rows of the source, and how much of each, make rows `first` to `last` of the target: (rows, taps) both."""
    weigh, reach = _FILTERS[filtered]
    scale = source / target
    stretch = max(1.0, scale)  # a smaller picture is a mean of more
    centres = (np.arange(first, last) + 0.5) * scale - 0.5
    taps = np.arange(2 * math.ceil(reach * stretch) + 1)
    places = np.floor(centres - reach * stretch).astype(np.int64)[:, None] + 1 + taps
    weights = weigh((places - centres[:, None]) / stretch) * ((places >= 0) & (places < source))
    return places.clip(0, source - 1), (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def reflected(rows: torch.Tensor, count: int, width: int) -> torch.Tensor:
    """Reflect (..., h, w) below to `count` rows, and to the right to a multiple of four columns."""
    below, right = count - rows.shape[-2], -width % MULTIPLE
    return functional.pad(rows, (0, right, 0, below), mode="reflect") if below or right else rows
