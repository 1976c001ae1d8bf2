"""What an artist usually asks, said once and taken by each new sale that says nothing else."""

from collections.abc import Sequence

from django.db import transaction

from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import Artist, User
from marketplace.listings.models import UsualPrice
from marketplace.listings.services.selling import AskedPrice, check_prices


@transaction.atomic
def set_usual_prices(*, artist_user: User, prices: Sequence[AskedPrice]) -> Artist:
    """The licences that one offers by default, and their prices; none is none. Sales that there are stay as they are.

    Raises NotAnArtist, ArtistSuspended, InvalidInput (`prices`).
    """
    artist = accounts.approved_artist(artist_user)
    Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)  # two windows: the later one's prices, whole
    rows = check_prices(prices)
    UsualPrice.objects.filter(artist=artist).delete()
    UsualPrice.objects.bulk_create(
        UsualPrice(artist=artist, licence_id=row.licence_id, currency=row.currency, amount=row.amount) for row in rows
    )
    return artist
