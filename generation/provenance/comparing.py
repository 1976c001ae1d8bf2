"""Comparing two pictures pixel by pixel: what is left to say where their hashes differ."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

# Above 40 dB nobody sees a difference; another device, a batch or a new release of torch rounds differently and stays
# well above it, while another seed or parameter falls far below.
CLOSE_PSNR = 40.0
CLOSE_LARGEST = 16
STRIP = 256  # rows compared at once, so that a large picture needs little memory


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How far two pictures of one size are apart."""

    largest: int  # of any channel of any pixel, of 255
    psnr: float | None  # decibels; None where not one pixel differs

    @property
    def is_none(self) -> bool:
        return self.largest == 0

    @property
    def is_small(self) -> bool:
        """Is it within what rounding may do?"""
        return self.is_none or (self.largest <= CLOSE_LARGEST and (self.psnr or 0.0) >= CLOSE_PSNR)


def difference(one: bytes, other: bytes) -> Difference | None:
    """How far two pictures are apart, whatever files they lie in; None where they cannot be laid over each other."""
    try:
        with Image.open(io.BytesIO(one)) as first, Image.open(io.BytesIO(other)) as second:
            if first.size != second.size:
                return None
            return _measure(first.convert("RGB"), second.convert("RGB"))
    except (UnidentifiedImageError, OSError, SyntaxError):  # Pillow's ways of saying that a file is damaged
        return None


def _measure(first: Image.Image, second: Image.Image) -> Difference:
    largest, squares = 0, 0.0
    for apart in _strips(first, second):
        largest = max(largest, int(apart.max()))
        squares += float(np.square(apart, dtype=np.float64).sum())
    if largest == 0:
        return Difference(largest=0, psnr=None)
    mean = squares / (first.width * first.height * 3)
    return Difference(largest=largest, psnr=round(10 * math.log10(255**2 / mean), 2))


def _strips(first: Image.Image, second: Image.Image) -> "Iterator[np.ndarray[tuple[int, ...], np.dtype[np.int16]]]":
    for top in range(0, first.height, STRIP):
        box = (0, top, first.width, min(top + STRIP, first.height))
        one, other = (np.asarray(picture.crop(box), dtype=np.int16) for picture in (first, second))
        yield np.abs(one - other)  # rows x columns x channels
