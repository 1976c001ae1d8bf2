"""Giving a work another title: as long as nobody owns it, buys it or bids for it under the one that it has."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.errors import TitleFixed
from generation import selectors as generation
from generation import services as works
from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.listings import services as listings
from marketplace.orders import selectors as orders


@transaction.atomic
def retitle_work(*, artwork_id: UUID, title: str, by: User) -> Artwork:
    """Name a work; its card, feeds, pages and the picture for links say so as soon as it is drawn again.

    Its maker, its artist and staff may. Raises NotFound, PermissionRefused, InvalidInput, TitleFixed.
    """
    was = generation.artwork_by_id(artwork_id, by)
    # Before the work's own row, as whoever sells it has them: what is bought or bid at this moment is seen below.
    listings.lock_what_is_sold(artwork_id=artwork_id)
    artwork = works.title_artwork(artwork_id=artwork_id, title=title, by=by)
    if artwork.title == was.title:
        return artwork
    if orders.is_spoken_for(artwork):
        raise TitleFixed(_("Somebody owns an edition of it, buys one or bids for one under this title: it stays."))
    listings.retitle_release(artwork_id=artwork.pk, was=was.display_title, title=artwork.display_title)
    return artwork
