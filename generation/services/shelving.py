"""Where the files of a work lie, and moving them when a work is held back or cleared, taken down or brought back.

The original is always private. Smaller pictures lie in public, where browsers may keep them for ever, or, while the
work is held or taken down, in private under a prefix of their own. A move copies first, then the rows are changed in
the caller's transaction, and only then are copies removed from public; those left in private wait for the orphan
remover.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from generation.models import Artwork, ArtworkFile, FileRole, Job, Visibility
from generation.services.artworks import lock_artwork
from generation.services.files import HELD, ORIGINALS, PREVIEWS, StoredFile, discard_file, store_file
from generation.services.withdrawing import finish_withdrawals, note_withdrawals
from marketplace.core import outbox, storage
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
    Artwork.objects.filter(pk=artwork.pk).update(updated_at=Now())  # whoever keeps what shows it sees that it changed
    Job.objects.filter(pk=artwork.job_id).update(preview_key=face_of(file for file in files if file.url))


def face_of(files: Iterable[ArtworkFile | StoredFile]) -> str:
    """The key of the WebP preview that stands for a work while one waits: small, and large enough to be looked at."""
    previews = [file for file in files if file.role == FileRole.PREVIEW and file.format == "webp"]
    previews.sort(key=lambda file: (file.width < FACE_WIDTH, abs(file.width - FACE_WIDTH)))
    return previews[0].key if previews else ""


def shelve_artwork(*, artwork_id: UUID) -> bool:
    """Bring a work's smaller pictures to where they belong: in private while it is taken down, else in public.

    The addresses that were public die at once (`finish_withdrawals`), and live again once the work is brought back.
    Done again, nothing happens: False. Works that the gate holds are moved by its reviews. Raises ObjectMissing,
    StorageUnavailable.
    """
    artwork = Artwork.objects.filter(pk=artwork_id).exclude(visibility=Visibility.HELD).first()
    if artwork is None or not _is_misplaced(artwork):
        return False
    is_hidden = artwork.visibility == Visibility.HIDDEN
    copies = copy_files(artwork, is_held=is_hidden)
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        if artwork.is_held or (artwork.visibility == Visibility.HIDDEN) != is_hidden:
            stale = [] if is_hidden else list(copies.values())
            note_withdrawals(artwork, stale)  # another act came between, and has an event of its own
        else:
            note_withdrawals(artwork, public_keys(artwork) if is_hidden else [])
            place_files(artwork, copies, is_held=is_hidden)
            outbox.emit("artwork.shelved", artwork.pk)
    finish_withdrawals()
    return True


def shelve_misplaced() -> int:
    """Shelve what an event was lost of, or what was taken down before files moved with it; return how many works."""
    lying = ArtworkFile.objects.filter(artwork__visibility=Visibility.HIDDEN, bucket=Bucket.PUBLIC.value)
    hung = Artwork.objects.on_wall().filter(files__role=FileRole.PREVIEW, files__bucket=Bucket.PRIVATE.value)
    hung = hung.exclude(files__role=FileRole.PREVIEW, files__bucket=Bucket.PUBLIC.value)
    found = {*lying.values_list("artwork_id", flat=True).distinct()[:100], *hung.values_list("pk", flat=True)[:100]}
    return sum(shelve_artwork(artwork_id=artwork_id) for artwork_id in found)


def _is_misplaced(artwork: Artwork) -> bool:
    files = list(artwork.files.exclude(role=FileRole.ORIGINAL))
    is_proof = any(file.is_marked for file in files)
    wanted = Bucket.PRIVATE if artwork.visibility == Visibility.HIDDEN else Bucket.PUBLIC
    return any(file.bucket != wanted.value for file in files if file.is_marked == is_proof)


def public_keys(artwork: Artwork) -> list[str]:
    """Under which keys anybody may fetch a picture of the work."""
    return list(artwork.files.filter(bucket=Bucket.PUBLIC.value).values_list("key", flat=True))


def withdraw_from_public(keys: Iterable[str]) -> None:
    """Remove pictures from public at once, save those that another work shows. Raises StorageUnavailable."""
    for key in keys:
        discard_file(bucket=Bucket.PUBLIC, key=key)
