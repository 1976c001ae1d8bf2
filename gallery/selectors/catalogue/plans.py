"""How a page of cards is read, so that it costs the same whether there are ten thousand or a million.

Two ways lead to the next 24 cards of some kind in some order:

walk     along the order's own index, passing over what does not match: quick where much matches
gather   all that matches from the inverted (GIN) indexes, then sort: quick where little does

PostgreSQL guesses which is better from statistics that know neither rare values of arrays nor what lies together in
time, and a wrong guess costs seconds. So the way is chosen here from exact counts, and written so that PostgreSQL
cannot choose the other one: a walk reads a bounded stretch of the index before it filters, a gathering is materialised
before it is sorted. A walk whose stretch ends before the page is full is followed by a gathering.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from gallery.selectors.catalogue.asking import Asked
from gallery.selectors.catalogue.cursors import Cursor
from gallery.selectors.catalogue.facets import value_of
from gallery.selectors.catalogue.page import Found
from gallery.selectors.catalogue.query import Query, Sort
from gallery.selectors.catalogue.ranges import Range

RARE = 1_000  # so many cards are gathered and sorted in a few milliseconds
STRETCHES = (2_000, 20_000)  # how far a walk goes at least and at most
SLACK = 2  # a walk goes so many times further than it would have to if matches were spread evenly
# What it costs beside passing one card in a walk: to pass one that has the rarest of what is asked for in the inverted
# index, and to fetch one that has all of it from the table. Measured among a million, as ratios.
PASSED, FETCHED = 0.4, 6
RELEVANCE = "ts_rank('{0.1, 0.25, 0.5, 1}', document, %s::tsquery)::float8"


@dataclass(frozen=True, slots=True)
class Order:
    """An order of reading: its key as SQL, the key's type for cursors, which way, and which keys have a place in it."""

    key: str
    kind: type
    descends: bool = False
    only: str = ""

    @property
    def by(self) -> str:
        way = "DESC" if self.descends else "ASC"
        return f"{self.key} {way}, artwork_id {way}"

    @property
    def once_read(self) -> "Order":
        """The same of rows that hold the key by this name."""
        return replace(self, key="key")

    def after(self, cursor: Cursor | None) -> tuple[str, list[Any]]:
        """The condition, and its parameters, for what comes behind a cursor."""
        conditions = [f"{self.key} {self.only}"] if self.only else []
        if cursor is None:
            return " AND ".join(conditions) or "true", []
        casts = {datetime: "timestamptz", int: "bigint", float: "float8"}
        conditions.append(f"({self.key}, artwork_id) {'<' if self.descends else '>'} (%s::{casts[self.kind]}, %s)")
        return " AND ".join(conditions), [cursor.key, cursor.pk]


ORDERS = {
    Sort.NEW: Order("hung_at", datetime, descends=True),
    Sort.TRENDING: Order("trend", float, descends=True),
    Sort.PRICE: Order("price", int, only="IS NOT NULL"),
    Sort.DEAREST: Order("price", int, descends=True, only="IS NOT NULL"),
    Sort.ENDING: Order("ends_at", datetime, only="> statement_timestamp()"),
    Sort.RELEVANCE: Order(RELEVANCE, float, descends=True),
}
BY_PRICE = (Sort.PRICE, Sort.DEAREST)
KINDS = {str(sort): order.kind for sort, order in ORDERS.items()}
# Values that have an index in the order of time: these are walked along alone, whatever else there is.
_LANES = {
    "artist": "artist_id = (SELECT id FROM accounts_artist WHERE slug = %s)",
    "engine": "engine = %s",
    "year": "year = %s::smallint",
}
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Matching:
    """Which cards: conditions with their parameters, how many there are at most, of how many."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)
    most: int = 0
    everything: int = 0
    share: float = 1.0  # of all cards, if values had nothing to do with each other
    lane: tuple[str, str] | None = None
    prices: Range | None = None  # in which an order by price is read

    @property
    def is_rare(self) -> bool:
        return self.most <= RARE

    def is_gathered_sooner(self, wanted: int) -> bool:
        """Whether all that match are likely gathered before a walk has found so many."""
        gathering = PASSED * self.most + FETCHED * self.share * self.everything
        return gathering < wanted / max(self.share, 1e-9)

    @property
    def where(self) -> str:
        return " AND ".join(self.conditions) or "true"

    def stretch(self, wanted: int) -> int:
        """How many cards to walk past for so many that match."""
        least, most = STRETCHES
        return int(min(most, max(least, SLACK * wanted / max(self.share, 1e-9))))


def matching(query: Query, asked: Asked | None, counts: dict[str, int]) -> Matching:
    """What a query narrows the catalogue to; `counts` has every chosen facet, and `all`."""
    everything = counts.get("all", 0)
    conditions: list[str] = []
    parameters: list[Any] = []
    bounds = [everything]
    for names in query.groups.values():
        conditions.append("facets && %s::varchar[]")
        parameters.append(names)
        bounds.append(min(everything, sum(counts.get(name, 0) for name in names)))
    if query.priced is not None:
        condition, ends = query.priced.condition
        conditions.append(condition)
        parameters += ends
        bounds.append(min(everything, sum(counts.get(name, 0) for name in query.priced.names)))
    if asked is not None:
        conditions.append("document @@ %s::tsquery")
        parameters.append(asked.tsquery)
        bounds += [min(everything, cards) for cards in asked.cards]
    share = 1.0
    for bound in bounds[1:]:
        share *= bound / max(everything, 1)
    return Matching(conditions, parameters, min(bounds), everything, share, _lane(query), query.priced)


def _lane(query: Query) -> tuple[str, str] | None:
    """The condition and the value of a chosen facet that has its own index by time, the rarest kind first."""
    for group, condition in _LANES.items():
        names = query.groups.get(group, [])
        if len(names) == 1 and (group != "year" or _YEAR.fullmatch(value_of(names[0]))):
            return condition, value_of(names[0])
    return None


def read(asked: Asked | None, found: Matching, sort: Sort, cursor: Cursor | None, size: int) -> list[tuple[Any, Found]]:
    """The next cards with their keys in this order, one more than the page has where there are more."""
    limit, path = size + 1, _path(found, sort, cursor)
    if len(found.conditions) == path.narrowed_by:
        return _straight(path, limit)
    if sort == Sort.RELEVANCE or found.is_rare or found.is_gathered_sooner(limit):
        return _gather(found, asked, path.order, cursor, limit)
    stretch = found.stretch(limit)
    rows = _walk(found, path, limit, stretch)
    if len(rows) == limit or _is_all(path, stretch):
        return rows
    return _gather(found, asked, path.order, cursor, limit)


@dataclass(frozen=True, slots=True)
class _Path:
    """What is walked along behind a cursor: an order, or a part of it that meets one of the conditions by itself."""

    order: Order
    where: str
    parameters: list[Any]
    narrowed_by: int = 0


def _path(found: Matching, sort: Sort, cursor: Cursor | None) -> _Path:
    """By time along one value's lane, by price within a range and in its currency, or along everything."""
    order = ORDERS[sort]
    if found.lane and sort == Sort.NEW:
        part, within = found.lane[0], [found.lane[1]]
    elif found.prices and sort in BY_PRICE:
        order = replace(order, key=found.prices.amount)
        part, within = found.prices.bounds
    else:
        return _Path(order, *order.after(cursor))
    after, parameters = order.after(cursor)
    return _Path(order, f"{part} AND {after}", [*within, *parameters], narrowed_by=1)


def newest(found: Matching, most: int) -> tuple[str, list[Any]]:
    """A stretch of the newest cards as a subquery with its parameters: of one value's where it has a lane."""
    path = _path(found, Sort.NEW, None)
    return (
        f"(SELECT * FROM gallery_card WHERE {path.where} ORDER BY {path.order.by} LIMIT %s)",  # noqa: S608
        [*path.parameters, most],
    )


def between(prices: Range, most: int) -> tuple[str, list[Any]]:
    """Some cards of a range of prices as a subquery with its parameters."""
    condition, ends = prices.condition
    return f"(SELECT * FROM gallery_card WHERE {condition} LIMIT %s)", [*ends, most]  # noqa: S608  # names of our own


def _straight(path: _Path, limit: int) -> list[tuple[Any, Found]]:
    return _run(
        f"""SELECT {path.order.key}, artwork_id, shown::text FROM gallery_card
            WHERE {path.where} ORDER BY {path.order.by} LIMIT %s""",  # noqa: S608
        [*path.parameters, limit],
    )


def _is_all(path: _Path, stretch: int) -> bool:
    """Whether nothing comes behind a stretch: then what was found in it is all."""
    with connection.cursor() as reading:
        reading.execute(
            f"SELECT 1 FROM gallery_card WHERE {path.where} ORDER BY {path.order.by} OFFSET %s LIMIT 1",  # noqa: S608
            [*path.parameters, stretch],
        )
        return reading.fetchone() is None


def _walk(found: Matching, path: _Path, limit: int, stretch: int) -> list[tuple[Any, Found]]:
    # The key is read within, so that PostgreSQL sees that the stretch is in order, and ends where the page is full.
    order = path.order
    return _run(
        f"""SELECT key, artwork_id, shown::text
            FROM (SELECT *, {order.key} AS key FROM gallery_card
                  WHERE {path.where} ORDER BY {order.by} LIMIT %s) AS stretch
            WHERE {found.where} ORDER BY {order.once_read.by} LIMIT %s""",  # noqa: S608
        [*path.parameters, stretch, *found.parameters, limit],
    )


def _gather(
    found: Matching, asked: Asked | None, order: Order, cursor: Cursor | None, limit: int
) -> list[tuple[Any, Found]]:
    ranked = [asked.tsquery] if asked and order == ORDERS[Sort.RELEVANCE] else []
    after, parameters = order.once_read.after(cursor)
    return _run(
        f"""WITH matching AS MATERIALIZED (SELECT {order.key} AS key, artwork_id FROM gallery_card WHERE {found.where}),
            best AS MATERIALIZED (
                SELECT * FROM matching WHERE {after} ORDER BY {order.once_read.by} LIMIT %s)
            SELECT best.key, artwork_id, shown::text FROM best JOIN gallery_card USING (artwork_id)
            ORDER BY best.{order.once_read.by}""",  # noqa: S608
        [*ranked, *found.parameters, *parameters, limit],
    )


def _run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, Found]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [(key, Found(pk, text)) for key, pk, text in cursor.fetchall()]
