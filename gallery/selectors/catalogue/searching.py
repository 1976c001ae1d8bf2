"""Finding cards: the one door through which every wall, search and API list reads the catalogue."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from gallery.selectors.catalogue import plans, spelling
from gallery.selectors.catalogue.asking import Asked, ask
from gallery.selectors.catalogue.counts import cards_of
from gallery.selectors.catalogue.cursors import Cursor
from gallery.selectors.catalogue.page import Found, Page
from gallery.selectors.catalogue.query import Query, Sort
from marketplace.core.errors import InvalidCursor

FEW = 3  # hits: with so many or fewer another spelling is suggested


def search(query: Query) -> Page:
    """The next cards of what is looked for.

    Where a text finds few, what may have been meant is suggested; where it finds none, that is shown. At most three
    queries, and three more for a text that finds few, for any number of cards. Raises InvalidCursor.
    """
    cursor = Cursor.decode(query.cursor, plans.KINDS) if query.cursor else None
    if cursor and cursor.order not in _modes(query.sort):
        raise InvalidCursor()
    asked = ask(query.text) if query.text else None
    page = _page(query, asked, cursor)
    if asked is None or cursor or len(page.cards) > FEW:
        return page
    correction = spelling.correct(query.text, asked.unknown)
    if not correction or page.cards:
        return replace(page, correction=correction)
    corrected = _page(replace(query, text=correction), ask(correction), None)
    return replace(corrected, correction=correction, is_corrected=True) if corrected.cards else page


def _page(query: Query, asked: Asked | None, cursor: Cursor | None) -> Page:
    if asked is not None and not asked.tsquery:
        return Page([])
    found = matching_of(query, asked)
    sort = Sort(cursor.order) if cursor else _mode(query.sort, found)
    rows = plans.read(asked, found, sort, cursor, query.size)
    cards, is_unranked = [card for _, card in rows[: query.size]], sort != query.sort
    if len(rows) <= query.size:
        return Page(cards, is_unranked=is_unranked)
    return Page(cards, next=_behind(sort, rows[query.size - 1]).encode(), is_unranked=is_unranked)


def matching_of(query: Query, asked: Asked | None) -> plans.Matching:
    """What a query narrows the catalogue to, with how many cards that may be."""
    return plans.matching(query, asked, {} if query.is_plain else cards_of(query.telling))


def _modes(sort: Sort) -> tuple[str, ...]:
    """In which orders a search is read: by relevance only where little is found, the rest newest first."""
    return (Sort.RELEVANCE, Sort.NEW) if sort == Sort.RELEVANCE else (sort,)


def _mode(sort: Sort, found: plans.Matching) -> Sort:
    return Sort.NEW if sort == Sort.RELEVANCE and not found.is_rare else sort


def _behind(sort: Sort, row: tuple[Any, Found]) -> Cursor:
    key, card = row
    return Cursor(sort, key.isoformat() if isinstance(key, datetime) else repr(key), card.pk)
