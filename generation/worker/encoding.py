"""From a picture in memory to the files that are kept: the original as PNG, smaller ones as WebP and AVIF."""

import hashlib
import io
from collections.abc import Iterator

from PIL import Image

from generation import services
from generation.models import FileRole
from generation.services import StoredFile
from generation.services.files import ORIGINALS, PREVIEWS
from marketplace.core.storage import Bucket

PREVIEW_WIDTHS = (480, 960, 1600)
THUMBNAIL_WIDTH = 240
PREVIEW_FORMATS = ("webp", "avif")
_OPTIONS: dict[str, dict[str, object]] = {
    "png": {"compress_level": 6},
    "webp": {"quality": 84, "method": 4},
    "avif": {"quality": 62, "speed": 8},
}
_QUICK: dict[str, dict[str, object]] = {"webp": {"quality": 70, "method": 0}}


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


def store_work(image: Image.Image) -> tuple[StoredFile, ...]:
    """Store the original in private and its previews and thumbnails in public. Raises StorageUnavailable."""
    return _store(image, FileRole.ORIGINAL, "png"), *_store_public(image)


def _store_public(image: Image.Image) -> Iterator[StoredFile]:
    for width in sorted({min(width, image.width) for width in PREVIEW_WIDTHS}):
        preview = fit(image, width, image.height)
        for media_format in PREVIEW_FORMATS:
            yield _store(preview, FileRole.PREVIEW, media_format)
    thumbnail = fit(image, THUMBNAIL_WIDTH, image.height)
    for media_format in PREVIEW_FORMATS:
        yield _store(thumbnail, FileRole.THUMBNAIL, media_format)


def _store(image: Image.Image, role: FileRole, media_format: str) -> StoredFile:
    data = encode(image, media_format)
    digest = hashlib.sha256(data).hexdigest()
    is_original = role is FileRole.ORIGINAL
    bucket, prefix = (Bucket.PRIVATE, ORIGINALS) if is_original else (Bucket.PUBLIC, PREVIEWS)
    key = services.store_file(
        bucket=bucket, prefix=prefix, data=data, extension=media_format, media_type=f"image/{media_format}",
        disposition=f'attachment; filename="atelier-{digest[:12]}.{media_format}"' if is_original else "inline",
    )  # fmt: skip
    return StoredFile(
        role=role, format=media_format, width=image.width, height=image.height, size=len(data),
        sha256=digest, bucket=bucket, key=key,
    )  # fmt: skip
