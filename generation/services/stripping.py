"""Proofs that nobody took: what is kept of them without a watermark goes, the recipe and the marked pictures stay."""

from uuid import UUID

import structlog
from django.db import transaction

from generation.services.artworks import lock_artwork

log = structlog.get_logger(__name__)


def strip_proof(*, artwork_id: UUID) -> int:
    """Forget the original and the clean previews of a proof that is nobody's; returns how many files that were.

    Their bytes go with the next round of the orphans' remover. What has an owner is left alone. Raises NotFound.
    """
    with transaction.atomic():
        artwork = lock_artwork(artwork_id)
        marked = artwork.files.filter(is_marked=True)
        if artwork.owner_id is not None or not artwork.job.as_proof or not marked.exists():
            return 0
        gone, _ = artwork.files.filter(is_marked=False).delete()
    log.info("artwork.stripped", artwork=str(artwork_id), files=gone)
    return gone
