"""Which works match a search that somebody keeps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from gallery.models import Card, Find, SavedSearch
from gallery.selectors.catalogue import facets

TEXT = "q"
LONGEST, MOST = 200, 20

Query = dict[str, list[str]]


def as_query(given: Mapping[str, Sequence[str]]) -> Query:
    """What of a page's parameters is a search, in one order; without cursors, orders and what nobody knows."""
    query: Query = {}
    for name in (TEXT, *facets.GROUPS):
        words = sorted({word.strip()[:LONGEST] for word in given.get(name, []) if word.strip()})
        if words:
            query[name] = words[:MOST]
    return query


def matches(search: SavedSearch, since: datetime, until: datetime, *, limit: int) -> list[UUID]:
    """Works that match and were hung from `since` to `until`, the first hung first.

    None that was found before, and none of the owner's own.
    """
    cards = Card.objects.filter(hung_at__gte=since, hung_at__lte=until)
    for group, values in search.query.items():
        if group == TEXT:
            for word in values:
                cards = cards.filter(Q(title__icontains=word) | Q(artist_name__icontains=word))
        else:
            cards = cards.filter(facets__overlap=[facets.facet(group, value) for value in values])
    found = Find.objects.filter(search=search, artwork=OuterRef("pk"))
    new = cards.exclude(artist__user=search.owner_id).filter(~Exists(found)).order_by("hung_at", "pk")
    return list(new.values_list("pk", flat=True)[:limit])
