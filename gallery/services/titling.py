"""Giving a work another title: as long as nobody owns it under the one that it has."""

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
    artwork = works.title_artwork(artwork_id=artwork_id, title=title, by=by)
    if artwork.title == was.title:
        return artwork
    if orders.is_sold(artwork):
        raise TitleFixed(_("An edition was sold with a certificate that names the work: its title stays."))
    listings.retitle_release(artwork_id=artwork.pk, was=was.display_title, title=artwork.display_title)
    return artwork
