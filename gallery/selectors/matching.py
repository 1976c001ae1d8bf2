"""Which works begin to match a search that somebody keeps: what the catalogue finds, among what is new of late."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gallery.models import SavedSearch
from gallery.selectors.catalogue import ranges
from gallery.selectors.catalogue.asking import ask
from gallery.selectors.catalogue.facets import GROUPS
from gallery.selectors.catalogue.plans import matching
from gallery.selectors.catalogue.query import Query, names_of
from gallery.selectors.catalogue.ranges import Range
from marketplace.core.errors import InvalidInput

Parameters = dict[str, list[str]]
# How a page of the catalogue is read: no part of what is looked for.
_READING = frozenset({"sort", "cursor", "page_size"})

# What was hung in between, and what changed so that it matches now and did not before: both are found along indexes of
# time, and few of all cards are. Of a work that changed often, what it was before the first change counts.
_MATCHES = """
    WITH new AS (
        SELECT artwork_id, hung_at AS at FROM gallery_card WHERE hung_at BETWEEN %s AND %s
        UNION ALL
        SELECT artwork_id, at FROM (
            SELECT DISTINCT ON (artwork_id) * FROM gallery_pastcard WHERE at BETWEEN %s AND %s
            ORDER BY artwork_id, id) AS past
        WHERE NOT ({matching})
    ), began AS (SELECT artwork_id, min(at) AS at FROM new GROUP BY artwork_id)
    SELECT artwork_id FROM began JOIN gallery_card AS card USING (artwork_id)
        LEFT JOIN accounts_artist AS artist ON artist.id = card.artist_id
    WHERE artist.user_id IS DISTINCT FROM %s
        AND NOT EXISTS (SELECT FROM gallery_find AS find
                        WHERE find.search_id = %s AND find.artwork_id = card.artwork_id)
        AND {matching} ORDER BY began.at, artwork_id LIMIT %s
"""


def require_known(given: Mapping[str, Sequence[str]]) -> None:
    """Raises InvalidInput for a parameter that the catalogue does not know: passed over, it would find everything."""
    known = ["q", *GROUPS, *ranges.NAMES]
    unknown = sorted(set(given) - set(known) - _READING)
    if unknown:
        said = _("There is no such parameter. Known: %(known)s.") % {"known": ", ".join(known)}
        raise InvalidInput(errors={name: [said] for name in unknown})


def as_parameters(given: Mapping[str, Sequence[str]]) -> Parameters:
    """What of a page's parameters is a search, in one order: without cursors, sorts and what nobody knows.

    Raises InvalidInput, as the catalogue does.
    """
    asked = QueryDict(urlencode({name: list(values) for name, values in given.items()}, doseq=True))
    query = Query.parse(asked)
    prices = query.priced.parameters if query.priced else {}
    return ({"q": [query.text]} if query.text else {}) | query.values | {name: [one] for name, one in prices.items()}


def said_in(query: Mapping[str, Sequence[str]]) -> list[str]:
    """What is looked for, in words; a range of prices is one of them."""
    prices = Range.kept(query)
    said = [word for name, words in query.items() if name not in ranges.NAMES for word in words]
    return [*said, str(prices)] if prices else said


def matches(search: SavedSearch, since: datetime, until: datetime, *, limit: int) -> list[UUID]:
    """Works that match and were hung, or began to match, from `since` to `until`, the first first.

    None that was found before, and none of the owner's own.
    """
    query = _kept(search)
    asked = ask(query.text) if query.text else None
    if asked is not None and not asked.tsquery:
        return []  # nothing is asked of a search by what is no word
    found = matching(query, asked, {})
    window: list[Any] = [since, until]
    given = [*window, *window, *found.parameters, search.owner_id, search.pk, *found.parameters, limit]
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES.format(matching=found.where), given)
        return [row[0] for row in cursor.fetchall()]


def _kept(search: SavedSearch) -> Query:
    """As it was checked when it was kept; a value that the house has no more since finds nothing, and is no error."""
    values = {group: words for group, words in search.query.items() if group in GROUPS}
    return Query(text="".join(search.query.get("q", [])), chosen=names_of(values), priced=Range.kept(search.query))
