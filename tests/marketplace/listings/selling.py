"""Works, sales and offers as rows, without waiting for an engine."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.listings import services
from marketplace.listings.models import Edition, Offer, Release, Sale
from marketplace.listings.services import AskedPrice, Bid, Schedule, Terms

PRICE = AskedPrice("personal", "eur", 5000)


def soon(**delta: float) -> datetime:
    return timezone.now() + timedelta(**delta)


def issued(artwork: Artwork, size: int | None = 3, **more: Any) -> Release:
    assert artwork.artist is not None
    terms = Terms(size=size, **more)
    return services.issue_release(artist_user=artwork.artist.user, artwork_id=artwork.pk, terms=terms)


def drafted(release: Release, *prices: AskedPrice, **schedule: Any) -> Sale:
    return services.draft_sale(
        seller=release.artist.user, release_id=release.pk, prices=prices or [PRICE], schedule=Schedule(**schedule)
    )


def on_sale(artwork: Artwork, *prices: AskedPrice, size: int | None = 3, **schedule: Any) -> Sale:
    """A published sale of a work's editions."""
    sale = drafted(issued(artwork, size), *prices, **schedule)
    return services.publish_sale(seller=sale.seller, sale_id=sale.pk)


def edition_sold(release: Release, number: int = 1) -> Edition:
    """An edition that somebody has, as far as listings know: orders keep who."""
    edition = release.editions.get(number=number)
    edition.state = Edition.State.SOLD
    edition.save()
    return edition


def offered(sale: Sale, buyer: User, amount: int = 4000, **more: Any) -> Offer:
    return services.offer_on_sale(buyer=buyer, sale_id=sale.pk, bid=Bid(amount, "eur", "personal", **more))
