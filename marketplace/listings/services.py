"""What artists do with their listings."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.listings.errors import NotYourWork
from marketplace.listings.models import Listing

LEAST_PRICE = 100  # minor units: below this a card's fee would eat the artist's part


@transaction.atomic
def publish_listing(*, artist_user: User, artwork_id: UUID, price_amount: int) -> Listing:
    """Offer commissions in the style of one's own work; publishing again sets the price anew.

    Raises NotYourWork, NotFound, InvalidInput.
    """
    _check_price(price_amount)
    artwork = Artwork.objects.select_for_update(of=("self",)).filter(pk=artwork_id).first()
    if artwork is None:
        raise NotFound("There is no such work.")
    if artwork.artist is None or artwork.artist.user_id != artist_user.pk:
        raise NotYourWork()
    listing, _ = Listing.objects.update_or_create(
        artwork=artwork,
        defaults={
            "artist": artwork.artist,
            "state": Listing.State.PUBLISHED,
            "price_amount": price_amount,
            "currency": settings.ATELIER.currency,
        },
    )
    return listing


@transaction.atomic
def change_listing(
    *, artist_user: User, listing_id: UUID, price_amount: int | None = None, state: str | None = None
) -> Listing:
    """Reprice, pause or publish one's own listing; commissions already ordered keep their price.

    Raises NotYourWork, NotFound, InvalidInput.
    """
    listing = Listing.objects.select_for_update(of=("self",)).select_related("artist").filter(pk=listing_id).first()
    if listing is None:
        raise NotFound("There is no such listing.")
    if listing.artist.user_id != artist_user.pk:
        raise NotYourWork()
    if price_amount is not None:
        _check_price(price_amount)
        listing.price_amount = price_amount
    if state is not None:
        listing.state = state
    listing.save(update_fields=["price_amount", "state", "updated_at"])
    return listing


def _check_price(amount: int) -> None:
    if amount < LEAST_PRICE:
        raise InvalidInput("The price is too low.", errors={"price_amount": [f"At least {LEAST_PRICE}."]})
