"""How many cards each facet has beside what is chosen: exact where that was counted before, else bounded."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from gallery.selectors.catalogue import facets, plans
from gallery.selectors.catalogue.asking import Asked, ask
from gallery.selectors.catalogue.query import Query

COUNTED = 1_000  # cards of which facets are counted where nothing was counted before
LOOKED_AT = 4_000  # cards that are passed for them where much matches
MOST_ARTISTS = 12
_BOTH = """
    SELECT facet, sum(n)::bigint FROM (
        SELECT facet, count AS n FROM gallery_facetcount WHERE beside = %(beside)s AND {which}
        UNION ALL SELECT facet, change FROM gallery_facetchange WHERE beside = %(beside)s AND {which}
    ) AS counted GROUP BY facet HAVING sum(n) > 0
"""
# Artists and words are many: they are passed over in the index, and only the artists with most works come after.
_KINDS = _BOTH.format(which="(facet < 'artist:' OR (facet > 'artist;' AND facet < 'word:') OR facet > 'word;')")
_NAMED = _BOTH.format(which="facet = ANY (%(names)s)")
_ARTISTS = """
    SELECT facet, count FROM gallery_facetcount WHERE beside = '' AND facet LIKE 'artist:%%'
    ORDER BY count DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts by facet; where not `is_exact` there are at least so many."""

    by_facet: dict[str, int]
    everything: int
    is_exact: bool = True


def cards_of(names: Collection[str]) -> dict[str, int]:
    """How many cards each of these facets has, and `all` of them."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"beside": "", "names": [facets.EVERYTHING, *sorted(names)]})
        return {facets.EVERYTHING: 0} | dict(cursor.fetchall())


def counted(query: Query) -> dict[str, Counted]:
    """The counts that each group of facets shows: of what everything else narrows to, whatever is chosen of itself."""
    asked = ask(query.text) if query.text else None
    all_groups = _count(query, asked)
    own = {group: _count(query.without(group), asked) for group in query.groups}
    if asked is None and len(query.chosen) == 1:
        own |= {group: _looked(query, None) for group in facets.UNPAIRED - own.keys()}
    return {group: own.get(group, all_groups) for group in facets.GROUPS} | {facets.EVERYTHING: all_groups}


def _count(query: Query, asked: Asked | None) -> Counted:
    if asked is None and query.priced is None and len(query.chosen) <= 1:
        chosen = next(iter(query.chosen), "")
        if facets.group_of(chosen) not in facets.UNPAIRED:
            return _known(chosen)
    return _looked(query, asked)


def _known(beside: str) -> Counted:
    """Counted before: of everything, or of what has one facet."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, {"beside": beside})
        found: dict[str, int] = dict(cursor.fetchall())
        if not beside:
            cursor.execute(_ARTISTS, [MOST_ARTISTS])
            found |= cards_of([name for name, _ in cursor.fetchall()])
            return Counted(found, found.pop(facets.EVERYTHING, 0))
    own = cards_of([beside]).get(beside, 0) if beside else 0
    return Counted(found | {beside: own}, own)


def _looked(query: Query, asked: Asked | None) -> Counted:
    """Counted in what matches, as far as one looks."""
    if asked is not None and not asked.tsquery:
        return Counted({}, 0)
    found = plans.matching(query, asked, cards_of(query.telling))
    limit = COUNTED + 1
    if found.is_rare:
        stretch, parameters = "gallery_card", list[Any]()
    elif query.priced is not None:  # among the newest there may be none of a narrow range
        stretch, parameters = plans.between(query.priced, LOOKED_AT)
    else:
        stretch, parameters = plans.newest(found, LOOKED_AT)
    rows = _facets_in(f"{stretch} AS s WHERE {found.where}", [*parameters, *found.parameters, limit])
    is_range = query.priced is not None and len(found.conditions) == 1  # what is looked at is all that matches
    passed_all = found.is_rare or found.everything <= LOOKED_AT or is_range
    everything = rows.pop("", 0)
    is_exact = passed_all and everything < limit
    return Counted({name: min(n, COUNTED) for name, n in rows.items()}, min(everything, COUNTED), is_exact)


def _facets_in(source: str, parameters: Iterable[Any]) -> dict[str, int]:
    """How often each facet occurs; under the empty name, how many cards there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH looked AS MATERIALIZED (SELECT facets FROM {source} LIMIT %s)
                SELECT '', count(*) FROM looked UNION ALL
                SELECT facet, count(*) FROM looked, unnest(facets) AS facet GROUP BY facet""",  # noqa: S608
            list(parameters),
        )
        return dict(cursor.fetchall())
