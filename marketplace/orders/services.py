"""Giving works to those who paid for them."""

from django.db import transaction

from generation import services as generation
from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.orders.errors import AlreadyOwned
from marketplace.orders.models import Ownership


@transaction.atomic
def grant_ownership(*, artwork: Artwork, owner: User, source: str) -> Ownership:
    """Make `owner` the owner; granting the same again changes nothing. Raises AlreadyOwned."""
    ownership, is_new = Ownership.objects.get_or_create(artwork=artwork, defaults={"owner": owner, "source": source})
    if ownership.owner_id != owner.pk:
        raise AlreadyOwned()
    if is_new:
        generation.transfer_artwork(artwork_id=artwork.pk, owner=owner)
    return ownership
