"""Works from before today's widths of previews: they get those that they lack, and their placeholder."""

import hashlib
import tempfile

import structlog
from PIL import Image, UnidentifiedImageError

from generation import provenance, selectors, services
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.models import Artwork, ArtworkFile, FileRole
from generation.provenance import Claim, Ingredient
from generation.services import StoredFile
from generation.worker.studio.encoding import PREVIEW_FORMATS, encode, fit, preview_widths
from marketplace.core import storage
from marketplace.core.storage import Bucket, ObjectMissing

log = structlog.get_logger(__name__)

AT_ONCE = 4  # works; a painting worker does nothing else meanwhile
MOST_PIXELS = 40_000_000  # of an original that is read into memory; larger ones have a preview that is wide enough


def refit_works(*, at_once: int = AT_ONCE) -> int:
    """Refit some works, and return how many were looked at; nought where nothing is left to do.

    One whose file is gone or damaged is left as it is, and not looked at again. Raises StorageUnavailable,
    CertificateUnusable, TimestampUnavailable.
    """
    works = list(selectors.unfitted_works()[:at_once])
    for artwork in works:
        source = _source(artwork)
        try:
            picture = _picture(source) if source else None
        except (ObjectMissing, UnidentifiedImageError, OSError, SyntaxError) as error:
            log.warning("work.not_refitted", artwork=str(artwork.pk), error=str(error))
            picture = None
        files = _missing(artwork, picture) if picture else []
        placeholder = services.placeholder_of(picture) if picture else ""
        services.place_previews(artwork_id=artwork.pk, files=files, placeholder=placeholder)
    return len(works)


def _source(artwork: Artwork) -> ArtworkFile | None:
    """What is read: the original, or the widest preview of what moves or is too large."""
    files = list(artwork.files.all())
    previews = [file for file in files if file.role == FileRole.PREVIEW and file.format == "webp"]
    original = artwork.original
    if original and not artwork.is_film and original.width * original.height <= MOST_PIXELS:
        return original
    return max(previews, key=lambda file: file.width, default=None)


def _picture(file: ArtworkFile) -> Image.Image:
    with tempfile.TemporaryFile() as kept:
        storage.fetch(Bucket(file.bucket), file.key, kept, at_most=file.bytes + 1)
        kept.seek(0)
        with Image.open(kept) as opened:
            return opened.convert("RGB")


def _missing(artwork: Artwork, picture: Image.Image) -> list[StoredFile]:
    """The previews that a new work would have and this one lacks, stored."""
    there = {(file.format, file.width) for file in artwork.files.all() if file.role == FileRole.PREVIEW}
    wanted = [(kind, width) for width in preview_widths(picture.width) for kind in PREVIEW_FORMATS]
    claim = _claim(artwork)
    return [_stored(fit(picture, width, picture.height), kind, claim) for kind, width in wanted
            if (kind, width) not in there]  # fmt: skip


def _stored(picture: Image.Image, media_format: str, claim: Claim) -> StoredFile:
    media_type = provenance.MEDIA_TYPES[media_format]
    data = provenance.sign(encode(picture, media_format), media_type=media_type, claim=claim)
    bucket, prefix = services.shelf_of(role=FileRole.PREVIEW, is_held=False)
    key = services.store_file(bucket=bucket, prefix=prefix, data=data, extension=media_format, media_type=media_type)
    return StoredFile(
        role=FileRole.PREVIEW, format=media_format, width=picture.width, height=picture.height, size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), bucket=bucket, key=key,
    )  # fmt: skip


def _claim(artwork: Artwork) -> Claim:
    """What the work's files say of it: the engine's version is that which made it, whatever the house has now."""
    try:
        title = registry.declaration(artwork.engine).title
    except UnknownEngine:
        title = artwork.engine
    given = artwork.public_recipe["inputs"]
    return Claim(
        title=artwork.job.title,
        engine=artwork.engine,
        engine_title=title,
        engine_version=artwork.engine_version,
        model_hash=artwork.model_hash,
        seed=artwork.seed,
        parameters=artwork.recipe.get("parameters", {}),
        ingredients=tuple(Ingredient(name=one["name"], sha256=one["sha256"]) for one in given),
        medium=artwork.medium,
    )
