"""Reading what is for sale."""

from uuid import UUID

from django.db.models import QuerySet

from generation.models import Artwork
from marketplace.core.errors import NotFound
from marketplace.listings.models import Listing


def open_listings() -> QuerySet[Listing]:
    """Published listings of works that hang on the wall."""
    return Listing.objects.select_related("artist", "artwork__artist").filter(
        state=Listing.State.PUBLISHED, artwork__visibility=Artwork.Visibility.WALL
    )


def listing_by_id(listing_id: UUID) -> Listing:
    """An open listing. Raises NotFound."""
    listing = open_listings().filter(pk=listing_id).first()
    if listing is None:
        raise NotFound("There is no such listing.")
    return listing


def listing_of(artwork_id: UUID) -> Listing | None:
    """The open listing of a work, if it has one."""
    return open_listings().filter(artwork_id=artwork_id).first()
