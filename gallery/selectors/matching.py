"""Which works match a search that somebody keeps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from gallery.models import Find, SavedSearch
from generation.models import Artwork

KNOWN = ("q", "engine", "artist", "medium")
LONGEST, MOST = 200, 20

Query = dict[str, list[str]]


def as_query(given: Mapping[str, Sequence[str]]) -> Query:
    """What of a page's parameters is a search, in one order; without cursors and what nobody knows."""
    query: Query = {}
    for name in KNOWN:
        words = sorted({word.strip()[:LONGEST] for word in given.get(name, []) if word.strip()})
        if words:
            query[name] = words[:MOST]
    return query


def matches(search: SavedSearch, since: datetime, until: datetime, *, limit: int) -> list[UUID]:
    """Works that match and were hung from `since` to `until`, the first hung first.

    None that was found before, and none of the owner's own.
    """
    works = Artwork.objects.on_wall().filter(hung_at__gte=since, hung_at__lte=until)
    query: Query = search.query
    for name, field in (("engine", "engine"), ("artist", "artist__slug"), ("medium", "medium")):
        if chosen := query.get(name):
            works = works.filter(**{f"{field}__in": chosen})
    for word in query.get("q", []):
        works = works.filter(Q(title__icontains=word) | Q(artist__name__icontains=word))
    found = Find.objects.filter(search=search, artwork=OuterRef("pk"))
    new = works.exclude(artist__user=search.owner_id).filter(~Exists(found)).order_by("hung_at", "pk")
    return list(new.values_list("pk", flat=True)[:limit])
