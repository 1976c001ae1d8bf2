"""Giving works to those who paid for them, and keeping the history of who owned them."""

from django.db import transaction

from generation import services as generation
from generation.models import Artwork
from marketplace.accounts.models import Artist, User
from marketplace.listings import services as listings
from marketplace.listings.models import Edition, Licence
from marketplace.orders.errors import AlreadyOwned
from marketplace.orders.models import Acquisition, Ownership

PERSONAL = "personal"


@transaction.atomic
def grant_ownership(*, artwork: Artwork, artist: Artist, owner: User, source: str) -> Ownership:
    """Make `owner` the owner of a work made for them, as its one edition; granting it again changes nothing.

    Raises AlreadyOwned.
    """
    edition = listings.issue_single(artwork=artwork, artist=artist)
    ownership, is_new = hand_over(edition=edition, owner=owner, source=source, licence_code=PERSONAL)
    if ownership.owner_id != owner.pk:
        raise AlreadyOwned()
    if is_new:
        generation.transfer_artwork(artwork_id=artwork.pk, owner=owner)
    return ownership


def hand_over(*, edition: Edition, owner: User, source: str, licence_code: str) -> tuple[Ownership, bool]:
    """Write down the first owner of an edition, whose row the caller has locked; and whether that is news."""
    licence = Licence.objects.get(pk=licence_code)
    ownership, is_new = Ownership.objects.get_or_create(
        edition=edition, defaults={"owner": owner, "licence": licence, "source": source}
    )
    if is_new:
        Acquisition.objects.create(edition=edition, step=1, owner=owner, licence=licence, source=source)
    return ownership, is_new
