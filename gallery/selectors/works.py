"""Works by their ids, in an order that something else decided."""

from collections.abc import Iterable
from uuid import UUID

from generation.models import Artwork


def hanging(artwork_ids: Iterable[UUID]) -> list[Artwork]:
    """Those of the works that hang, in the order given, with files and artists: two queries."""
    wanted = list(dict.fromkeys(artwork_ids))
    found = Artwork.objects.on_wall().with_files().in_bulk(wanted)
    return [found[artwork_id] for artwork_id in wanted if artwork_id in found]
