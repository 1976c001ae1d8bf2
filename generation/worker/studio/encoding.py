"""From a picture in memory to the files that are kept: the original as PNG, smaller ones as WebP and AVIF.

What stands for a film (its poster) is kept like a picture, but for the original; `filming` adds the film.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

PREVIEW_WIDTHS = (320, 640, 1280, 2048)
# A step this near below a picture's own width saves too little to be worth a file.
_NEAR = 1.25
THUMBNAIL_WIDTH = 240
PREVIEW_FORMATS = ("webp", "avif")
_OPTIONS: dict[str, dict[str, object]] = {
    "png": {"compress_level": 6},
    "webp": {"quality": 84, "method": 4},
    "avif": {"quality": 62, "speed": 8},
}
_QUICK: dict[str, dict[str, object]] = {"webp": {"quality": 70, "method": 0}}


@dataclass(frozen=True, slots=True)
class Encoded:
    """One file of a work, not yet stored anywhere: its bytes, or where they lie on this machine if they are many."""

    role: str
    format: str
    width: int
    height: int
    data: bytes | Path


def encode(image: Image.Image, media_format: str, *, quick: bool = False) -> bytes:
    """The picture's bytes in one format; the same picture gives the same bytes."""
    out = io.BytesIO()
    image.convert("RGB").save(out, media_format.upper(), **(_QUICK if quick else _OPTIONS)[media_format])
    return out.getvalue()


def fit(image: Image.Image, width: int, height: int | None = None) -> Image.Image:
    """The picture made to fit into a width (and a height, the same if not given), never larger than it is."""
    scale = min(width / image.width, (height or width) / image.height, 1.0)
    if scale == 1.0:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def pixels_sha256(image: Image.Image) -> str:
    """What a picture is, whatever file it lies in: the hash of its size and its RGB values, row by row."""
    return hashlib.sha256(f"{image.width}x{image.height}:".encode() + image.convert("RGB").tobytes()).hexdigest()


def encode_work(image: Image.Image) -> Iterator[Encoded]:
    """The original, then previews and thumbnails."""
    yield _encoded(image, "original", "png")
    yield from encode_smaller(image)


def encode_smaller(image: Image.Image) -> Iterator[Encoded]:
    """Previews and thumbnails of a picture."""
    for width in preview_widths(image.width):
        preview = fit(image, width, image.height)
        for media_format in PREVIEW_FORMATS:
            yield _encoded(preview, "preview", media_format)
    thumbnail = fit(image, THUMBNAIL_WIDTH, image.height)
    for media_format in PREVIEW_FORMATS:
        yield _encoded(thumbnail, "thumbnail", media_format)


def preview_widths(width: int) -> list[int]:
    """How wide the previews of a picture of this width (pixels, from one on) are, ascending: never wider than it."""
    below = [step for step in PREVIEW_WIDTHS if step * _NEAR <= width]
    return [*below, min(width, PREVIEW_WIDTHS[-1])] if width < PREVIEW_WIDTHS[-1] * _NEAR else below


def _encoded(image: Image.Image, role: str, media_format: str) -> Encoded:
    return Encoded(role, media_format, image.width, image.height, encode(image, media_format))
