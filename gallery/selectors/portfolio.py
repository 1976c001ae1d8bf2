"""What an artist's page shows besides what hangs: their series, and the works of theirs that found an owner."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from gallery.models import Card
from marketplace.accounts.models import Artist
from marketplace.listings import selectors as listings
from marketplace.listings.models import Edition, EditionState, Release

MOST = 60


def series_of(artist: Artist) -> QuerySet[Release]:
    """Their series that everybody may see, the last first."""
    return listings.releases().filter(artist=artist, trained_model__isnull=False)


def sold_of(artist: Artist) -> list[Card]:
    """Works of theirs that hang and of which an edition is somebody's, last hung first."""
    shows = Q(release__artwork=OuterRef("pk")) | Q(made=OuterRef("pk"))
    sold = Exists(Edition.objects.filter(shows, state=EditionState.SOLD))
    cards = Card.objects.filter(sold, artist=artist).only("shown")
    return list(cards.order_by("-hung_at", "-artwork")[:MOST])
