"""A proof has become somebody's: what is shown of it loses its watermark."""

from uuid import UUID

import structlog
from django.db import transaction

from generation.models import Artwork
from generation.services.artworks import lock_artwork
from generation.services.shelving import copy_files, place_files, withdraw_from_public

log = structlog.get_logger(__name__)


def unveil_artwork(*, artwork_id: UUID) -> None:
    """Put the clean previews of a work that has an owner in the place of the marked ones; done again, nothing happens.

    While the work is held back they stay in private until it is cleared. Raises NotFound, ObjectMissing,
    StorageUnavailable.
    """
    artwork = Artwork.objects.filter(pk=artwork_id, owner__isnull=False, files__is_marked=True).first()
    if artwork is None:
        return
    is_held = artwork.is_held
    copies = copy_files(artwork, is_held=is_held, is_proof=False)
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        marked = artwork.files.filter(is_marked=True)
        keys = list(marked.values_list("key", flat=True))
        marked.delete()
        place_files(artwork, copies, is_held=is_held or artwork.is_held)
    withdraw_from_public(keys)
    log.info("artwork.unveiled", artwork=str(artwork_id))
