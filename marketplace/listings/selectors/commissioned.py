"""Reading what may be commissioned."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from generation.models import ModelState, Visibility
from marketplace.accounts.models import ArtistState
from marketplace.core.errors import NotFound
from marketplace.listings.models import Listing


def open_listings() -> QuerySet[Listing]:
    """Published listings, of artists who take part: of works on the wall, of models open to all, and of engines."""
    offered = Q(artwork__visibility=Visibility.WALL) | Q(trained_model__state=ModelState.PUBLISHED) | ~Q(engine="")
    return Listing.objects.select_related("artist", "artwork__artist", "trained_model").filter(
        offered, state=Listing.State.PUBLISHED, artist__state=ArtistState.APPROVED
    )


def listing_by_id(listing_id: UUID) -> Listing:
    """An open listing. Raises NotFound."""
    listing = open_listings().filter(pk=listing_id).first()
    if listing is None:
        raise NotFound(gettext("There is no such listing."))
    return listing


def listing_of(artwork_id: UUID) -> Listing | None:
    """The open listing of a work, if it has one."""
    return open_listings().filter(artwork_id=artwork_id).first()


def listing_of_model(model_id: UUID) -> Listing | None:
    """The open listing of a model, if it has one."""
    return open_listings().filter(trained_model_id=model_id).first()


def listing_of_engine(engine: str) -> Listing | None:
    """The open listing of an engine, if it has one."""
    return open_listings().filter(engine=engine).first() if engine else None


def kept_listing_of_model(model_id: UUID) -> Listing | None:
    """A model's listing as its artist keeps it, open or not."""
    return Listing.objects.select_related("artist").filter(trained_model_id=model_id).first()
