"""Writing down the previews and the placeholder that a work from earlier has been given."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from generation.models import ArtworkFile
from generation.selectors import is_fit_to_show
from generation.services.artworks import lock_artwork
from generation.services.files import StoredFile, discard_file


def place_previews(*, artwork_id: UUID, files: Sequence[StoredFile], placeholder: str) -> bool:
    """Give a work these previews, which lie in public already, and its placeholder; those that it has stay.

    Was it held back, taken down or watermarked meanwhile, nothing is given and the files go: False. Raises NotFound,
    StorageUnavailable.
    """
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        if is_fit := is_fit_to_show(artwork):
            rows = [
                ArtworkFile(
                    artwork=artwork, role=file.role, format=file.format, width=file.width, height=file.height,
                    bytes=file.size, sha256=file.sha256, bucket=file.bucket.value, key=file.key,
                )
                for file in files
            ]  # fmt: skip
            ArtworkFile.objects.bulk_create(rows, ignore_conflicts=True)
            artwork.placeholder = placeholder
            artwork.save(update_fields=["placeholder"])  # the work is as it was: `updated_at` stays
    if not is_fit:
        for file in files:
            discard_file(bucket=file.bucket, key=file.key)
    return is_fit
