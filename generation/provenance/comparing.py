"""Comparing two pictures or films pixel by pixel: what is left to say where their hashes differ."""

import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageChops, UnidentifiedImageError
from PIL.PngImagePlugin import PngImageFile

# Above 40 dB nobody sees a difference; another device, a batch or a new release of torch rounds differently and stays
# well above it, while another seed or parameter falls far below.
CLOSE_PSNR = 40.0
CLOSE_LARGEST = 16
_PNG = b"\x89PNG\r\n\x1a\n"
_BAND = 1024  # rows


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How far two pictures of one size are apart, or of two films the frames that are farthest."""

    largest: int  # of any channel of any pixel, of 255
    psnr: float | None  # decibels; None where not one pixel differs

    @property
    def is_none(self) -> bool:
        return self.largest == 0

    @property
    def is_small(self) -> bool:
        """Is it within what rounding may do?"""
        return self.is_none or (self.largest <= CLOSE_LARGEST and (self.psnr or 0.0) >= CLOSE_PSNR)


def difference(one: bytes | BinaryIO, other: bytes | BinaryIO) -> Difference | None:
    """How far two of the house's own pictures are apart; None where they cannot be laid over each other.

    Films are laid over each other frame by frame, if they have as many and each is shown as long.
    """
    try:
        with _open(one) as first, _open(other) as second:
            return _worst(_differences(first, second))
    except (UnidentifiedImageError, OSError, SyntaxError, EOFError):  # Pillow's ways of saying that a file is damaged
        return None


def _differences(first: Image.Image, second: Image.Image) -> Iterator[Difference | None]:
    """Frame by frame; None, and no more, where they do not fit."""
    count = getattr(first, "n_frames", 1)
    if first.size != second.size or count != getattr(second, "n_frames", 1):
        yield None
        return
    for place in range(count):
        first.seek(place)
        second.seek(place)
        pictures = first.convert("RGB"), second.convert("RGB")  # only now it is known how long a frame is shown
        if count > 1 and first.info.get("duration") != second.info.get("duration"):
            yield None
            return
        yield _measure(*pictures)


def _worst(differences: Iterable[Difference | None]) -> Difference | None:
    largest, lowest = 0, None
    for difference in differences:
        if difference is None:
            return None
        largest = max(largest, difference.largest)
        if difference.psnr is not None:
            lowest = difference.psnr if lowest is None else min(lowest, difference.psnr)
    return Difference(largest=largest, psnr=lowest)


def _open(file: bytes | BinaryIO) -> Image.Image:
    """Open a picture; a print has more pixels than Pillow takes from strangers."""
    stream = io.BytesIO(file) if isinstance(file, bytes) else file
    stream.seek(0)
    is_png = stream.read(len(_PNG)) == _PNG
    stream.seek(0)
    return PngImageFile(stream) if is_png else Image.open(stream)


def _measure(first: Image.Image, second: Image.Image) -> Difference:
    # 256 counts for each of three channels: how often each distance occurs. In bands, for the sake of large ones.
    counts = [0] * 768
    for top in range(0, first.height, _BAND):
        box = (0, top, first.width, min(top + _BAND, first.height))
        found = ImageChops.difference(first.crop(box), second.crop(box)).histogram()
        counts = [count + more for count, more in zip(counts, found, strict=True)]
    squares = sum(count * (place % 256) ** 2 for place, count in enumerate(counts))
    if squares == 0:
        return Difference(largest=0, psnr=None)
    mean = squares / (first.width * first.height * 3)
    return Difference(
        largest=max(place % 256 for place, count in enumerate(counts) if count),
        psnr=round(10 * math.log10(255**2 / mean), 2),
    )
