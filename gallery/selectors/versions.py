"""Versions of what is shown to all: what is kept of it is kept under them, and looked for no more once they change."""

from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.utils import timezone


def catalogue_version() -> str:
    """A short text that is another one after every commit that changed cards.

    It is which changes one sees: the newest of them and how many there are, so that one that was made earlier and
    committed later counts too. One query of an index and some rows; no lock, and nothing to be bumped by hand.
    """
    return _told("SELECT coalesce(max(id), 0) || '.' || count(*) FROM gallery_cataloguechange")


def work_version(artwork_id: UUID) -> str:
    """A short text that is another one whenever something that is told of a work changed, on its card or beside it.

    Its own row and its artists', the offer to paint in its style, the model that made it, how it fares while it is
    made again, whether its file was read, and what is for sale of it: each sale as it stands now, so that what the
    clock alone changes (an opening, a close, a price that falls) is another version too. One query of indices.
    """
    version = _told("SELECT gallery_work_version(%s, %s)", artwork_id, timezone.now())
    return f"{version} {cache.get(_read(artwork_id), '')}"


def engines_version() -> str:
    """A short text that is another one whenever an engine is offered, at another price, or not any more."""
    return _told(_ENGINES)


def note_origin_read(artwork_id: UUID) -> None:
    """What a work's file says of itself has been read, so its page can say it."""
    cache.set(_read(artwork_id), "read", _READ_SECONDS)


def _read(artwork_id: UUID) -> str:
    return f"origin-read:{artwork_id}"


def _told(query: str, *given: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return str(cursor.fetchone()[0])


_READ_SECONDS = 24 * 3600

_ENGINES = """
    SELECT md5(string_agg(ROW(listing.*, artist.*)::text, ' ' ORDER BY listing.id))
    FROM listings_listing AS listing JOIN accounts_artist AS artist ON artist.id = listing.artist_id
    WHERE listing.engine <> ''
"""
