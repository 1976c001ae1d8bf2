"""Cards of works by their ids, in an order that something else decided."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from gallery.models import Card, Feature
from generation.models import Visibility
from marketplace.accounts.models import Artist, ArtistState

# What lists and feeds draw and compare; what a search reads of a card is left where it lies.
_DRAWN = ("shown", "artist_id", "engine", "colours", "refreshed_at")


def hanging(artwork_ids: Iterable[UUID]) -> list[Card]:
    """The cards of those works that hang, in the order given: one query."""
    wanted = list(dict.fromkeys(artwork_ids))
    found = Card.objects.only(*_DRAWN).in_bulk(wanted)
    return [found[artwork_id] for artwork_id in wanted if artwork_id in found]


def featured(*, limit: int = 10) -> list[Card]:
    """Works that curators put forward and that hang, the last chosen first: two queries, however much hangs."""
    chosen = Feature.objects.filter(artwork__visibility=Visibility.WALL).order_by("-featured_at")
    return hanging(chosen.values_list("artwork", flat=True)[:limit])


def works_of(artist: Artist, *, but: UUID | None = None, limit: int) -> list[Card]:
    """What of an artist's hangs, last hung first; without the work `but`. Along their own index."""
    cards = Card.objects.filter(artist=artist).only(*_DRAWN).order_by("-hung_at", "-artwork")
    return [card for card in cards[: limit + 1] if card.pk != but][:limit]


def of_active() -> QuerySet[Card]:
    """All cards but those of artists who are suspended, last hung first."""
    cards = Card.objects.exclude(artist__state=ArtistState.SUSPENDED).only(*_DRAWN)
    return cards.order_by("-hung_at", "-artwork")
