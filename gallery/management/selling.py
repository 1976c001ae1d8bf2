"""How a command puts what it furnishes on sale: as an artist would, once."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from gallery.management.furnishing import Sold
from marketplace.accounts.models import User
from marketplace.listings import services as listings
from marketplace.listings.models import Sale


def sell(wanted: Sold, what: UUID | listings.Series, artist: User) -> Sale:
    """Issue a work (its id) or a series, and open its sale."""
    now = timezone.now()
    opens_at, closes_at = (
        now + timedelta(hours=hours) if hours is not None else None for hours in (wanted.opens_in, wanted.closes_in)
    )
    return listings.put_on_sale(
        artist_user=artist,
        what=what,
        terms=listings.Terms(size=wanted.size, description=wanted.description),
        prices=[
            listings.AskedPrice(licence, currency, amount)
            for licence, prices in wanted.prices.items()
            for currency, amount in prices.items()
        ],
        schedule=listings.Schedule(
            opens_at=opens_at, closes_at=closes_at, per_buyer=wanted.per_buyer, takes_offers=wanted.takes_offers
        ),
    )
