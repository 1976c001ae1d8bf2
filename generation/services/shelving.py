"""Where the files of a work lie, and moving them when a work is held back or cleared.

The original is always private. Smaller pictures lie in public, where they may be cached for ever, or, while the work
is held, in private under a prefix of their own. A move copies first, then the rows are changed in the caller's
transaction, and only then are copies removed from public; those left in private wait for the orphan remover.
"""

from collections.abc import Iterable, Mapping

from generation.models import Artwork, ArtworkFile, FileRole, Job
from generation.services.files import HELD, ORIGINALS, PREVIEWS, StoredFile, discard_file, store_file
from marketplace.core import storage
from marketplace.core.storage import Bucket

FACE_WIDTH = 480  # pixels that the picture of a job is to have at least


def shelf_of(*, role: str, is_held: bool) -> tuple[Bucket, str]:
    """The bucket and the prefix for one of a work's files: `store_file(bucket=…, prefix=…)`."""
    if role == FileRole.ORIGINAL:
        return Bucket.PRIVATE, ORIGINALS
    return (Bucket.PRIVATE, HELD) if is_held else (Bucket.PUBLIC, PREVIEWS)


def copy_files(artwork: Artwork, *, is_held: bool, is_proof: bool | None = None) -> Mapping[int, str]:
    """Copy what is shown of a work to the shelf where it belongs; return the new keys by the files' ids.

    Of a proof, by default one that has marked files, only these are shown: its clean ones stay in private.

    Nothing refers to the copies yet (`place_files`). Raises ObjectMissing, StorageUnavailable.
    """
    keys = {}
    files = list(artwork.files.exclude(role=FileRole.ORIGINAL))
    if is_proof is None:
        is_proof = any(file.is_marked for file in files)
    for file in files:
        if file.is_marked != is_proof:
            continue
        bucket, prefix = shelf_of(role=file.role, is_held=is_held)
        data = storage.get(Bucket(file.bucket), file.key)
        keys[file.pk] = store_file(
            bucket=bucket, prefix=prefix, data=data, extension=file.format, media_type=f"image/{file.format}"
        )
    return keys


def place_files(artwork: Artwork, keys: Mapping[int, str], *, is_held: bool) -> None:
    """Have the rows refer to the copies, and show the job's owner the picture or not; in the caller's transaction."""
    files = list(ArtworkFile.objects.filter(artwork=artwork, pk__in=keys))
    for file in files:
        bucket, _ = shelf_of(role=file.role, is_held=is_held)
        file.bucket, file.key = bucket.value, keys[file.pk]
    ArtworkFile.objects.bulk_update(files, ["bucket", "key"])
    Job.objects.filter(pk=artwork.job_id).update(preview_key=face_of(file for file in files if file.url))


def face_of(files: Iterable[ArtworkFile | StoredFile]) -> str:
    """The key of the WebP preview that stands for a work while one waits: small, and large enough to be looked at."""
    previews = [file for file in files if file.role == FileRole.PREVIEW and file.format == "webp"]
    previews.sort(key=lambda file: (file.width < FACE_WIDTH, abs(file.width - FACE_WIDTH)))
    return previews[0].key if previews else ""


def public_keys(artwork: Artwork) -> list[str]:
    """Under which keys anybody may fetch a picture of the work."""
    return list(artwork.files.filter(bucket=Bucket.PUBLIC.value).values_list("key", flat=True))


def withdraw_from_public(keys: Iterable[str]) -> None:
    """Remove pictures from public at once, save those that another work shows. Raises StorageUnavailable."""
    for key in keys:
        discard_file(bucket=Bucket.PUBLIC, key=key)
