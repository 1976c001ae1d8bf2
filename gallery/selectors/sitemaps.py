"""The house's pages as search engines are told of them, in files of at most 50,000 (https://www.sitemaps.org).

A file is named by the key after which it begins, so that page a million costs what page one does: no OFFSET. Where the
files begin is asked once an hour, of one index.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from gallery.models.collections import Collection, CollectionKind
from gallery.models.exhibitions import Exhibition
from gallery.selectors.addresses import absolute
from generation.models import Artwork, TrainedModel
from generation.models.training import ModelState
from marketplace.accounts.models import Artist, ArtistState
from marketplace.listings.selectors.sales import releases

MOST = 50_000  # addresses in a file; the protocol's limit
KEPT_SECONDS = 3600
FIRST = UUID(int=0)
PAGES = ("wall", "market", "exhibitions", "ending", "models", "scribble", "words")


@dataclass(frozen=True)
class Section:
    """One kind of page: its rows, and where a row's page is. Rows have a uuid and `updated_at`."""

    rows: Callable[[], QuerySet[Any]]
    page: str
    field: str = "pk"


@dataclass(frozen=True)
class Part:
    """One file of a section: after which key it begins, and when something in it changed last."""

    section: str
    after: UUID
    changed_at: datetime


SECTIONS: dict[str, Section] = {
    "works": Section(lambda: Artwork.objects.on_wall(), "work"),
    "artists": Section(lambda: _artists(), "artist", "slug"),
    "models": Section(lambda: TrainedModel.objects.filter(state=ModelState.PUBLISHED, is_held=False), "model"),
    "series": Section(lambda: releases().filter(trained_model__isnull=False), "series"),
    "collections": Section(lambda: _collections(), "collection-of-works", "slug"),
    "exhibitions": Section(lambda: Exhibition.objects.open_to_all(), "exhibition", "slug"),
}


def parts() -> list[Part]:
    """Every file that there is, the sections in their order."""
    return [part for name in SECTIONS for part in _parts_of(name)]


def addresses_of(section: str, after: UUID) -> Iterator[tuple[str, datetime]]:
    """The addresses in one file and when they changed, in the order of their keys. Raises KeyError."""
    shown = SECTIONS[section]
    rows = shown.rows().filter(pk__gt=after).order_by("pk").values_list("pk", shown.field, "updated_at")[:MOST]
    for _, named, changed_at in rows.iterator(chunk_size=5000):
        yield absolute(reverse(shown.page, args=[named])), changed_at


def page_addresses() -> list[str]:
    """The pages that are there whatever hangs."""
    return [absolute(reverse(name)) for name in PAGES]


def _artists() -> QuerySet[Artist]:
    """Those of whom something hangs."""
    hangs = Artwork.objects.on_wall().filter(artist=OuterRef("pk"))
    return Artist.objects.filter(Exists(hangs), state=ArtistState.APPROVED)


def _collections() -> QuerySet[Collection]:
    """Those that people put together and opened to all."""
    return Collection.objects.filter(kind=CollectionKind.COLLECTION, is_public=True, owner__is_active=True)


def _parts_of(name: str) -> list[Part]:
    key = f"sitemap:1:{name}:{MOST}"
    kept = cache.get(key)
    if kept is None:
        kept = list(_boundaries(SECTIONS[name].rows()))
        cache.set(key, kept, KEPT_SECONDS)
    return [Part(name, after, changed_at) for after, changed_at in kept]


def _boundaries(rows: QuerySet[Any]) -> Iterator[tuple[UUID, datetime]]:
    """After which key each file begins, and its last change."""
    sql, params = rows.order_by().values("pk", "updated_at").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT max(key::text COLLATE "C")::uuid, max(changed_at) FROM ('  # noqa: S608  # Django's own SQL
            "SELECT key, changed_at, (row_number() OVER (ORDER BY key) - 1) / %s AS part"
            f" FROM ({sql}) AS rows (key, changed_at)) AS numbered GROUP BY part ORDER BY part",
            [MOST, *params],
        )
        after = FIRST
        for last, changed_at in cursor.fetchall():
            yield after, changed_at
            after = last
