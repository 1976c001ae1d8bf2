"""Writing cards: from the truth as it is now, so often as one likes, to the same end."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from gallery.models import Card, PastCard
from gallery.services.cards.drawing import draw
from generation.models import Artwork, ArtworkLook
from marketplace.listings.models import SaleKind
from marketplace.listings.selectors import sales_of_artworks

PARCEL = 200
REMEMBERED = timedelta(days=8)  # a day longer than the longest pause between two looks for somebody
_COLUMNS = (
    "artwork_id uuid, title text, artist_id uuid, artist_name text, style_artist_id uuid, engine text, medium text,"
    " orientation text, year smallint, licences text[], colours text[], sale_kind text, on_sale boolean, prices jsonb,"
    " price bigint, editions_left integer, opens_at timestamptz, ends_at timestamptz, hung_at timestamptz,"
    " facets text[], words text[], shown jsonb"
)
_NAMES = [column.split()[0] for column in _COLUMNS.split(", ")]
_SET = ", ".join(f"{name} = excluded.{name}" for name in [*_NAMES[1:], "document"])
# What stayed as it was is not written: nothing is counted anew then, and no reader's cache lapses. What a card was
# found by until now is kept beside, for those who wait for works that begin to match.
_WRITE = f"""
    WITH drawn AS MATERIALIZED (
        SELECT {", ".join(_NAMES)},
            gallery_document(a, b, c, d) || setweight(to_tsvector('pg_catalog.simple', names), 'D') AS document
        FROM jsonb_to_recordset(%(drawn)s::jsonb) AS given ({_COLUMNS}, a text, b text, c text, d text, names text)
    ), past AS (
        INSERT INTO gallery_pastcard (artwork_id, facets, document, prices)
        SELECT artwork_id, card.facets, card.document, card.prices
        FROM gallery_card AS card JOIN drawn USING (artwork_id)
        WHERE %(is_news)s AND (card.facets, card.document, card.prices)
            IS DISTINCT FROM (drawn.facets::varchar[], drawn.document, drawn.prices)
    )
    INSERT INTO gallery_card ({", ".join(_NAMES)}, document) SELECT {", ".join(_NAMES)}, document FROM drawn
    ON CONFLICT (artwork_id) DO UPDATE SET {_SET}, refreshed_at = statement_timestamp()
    WHERE (gallery_card.shown, gallery_card.facets, gallery_card.document, gallery_card.ends_at)
        IS DISTINCT FROM (excluded.shown, excluded.facets, excluded.document, excluded.ends_at)
"""  # noqa: S608  # names of our own


def refresh_cards(artwork_ids: Iterable[UUID], *, is_news: bool = True) -> int:
    """Draw the cards of these works anew; those of works that do not hang are removed. Returns how many hang.

    The works are locked while their cards are drawn: none leaves the wall, and nobody else draws it, meanwhile. Where
    the house draws otherwise than before, and nothing happened to the works, it is no news to who keeps searches.
    """
    return sum(_refresh(set(parcel), is_news) for parcel in _parcels(artwork_ids))


def refresh_all_cards(*, is_news: bool = True) -> int:
    """Draw every card anew: of all that hangs, and of all that has one. Returns how many hang."""
    hanging = Artwork.objects.on_wall().values_list("pk", flat=True).order_by("pk")
    strays = Card.objects.exclude(artwork__visibility=Artwork.Visibility.WALL).values_list("pk", flat=True)
    return refresh_cards(hanging.iterator(), is_news=is_news) + refresh_cards(list(strays))


def refresh_timed_cards() -> int:
    """Draw those cards anew that change by the clock: prices that fall, and what can be bought from now on."""
    timed = Card.objects.filter(Q(sale_kind=SaleKind.DUTCH) | Q(opens_at__lte=Now()))
    return refresh_cards(list(timed.values_list("pk", flat=True)))


def forget_past_cards() -> None:
    """Forget what cards were so long ago that everybody who keeps searches was told since."""
    PastCard.objects.filter(at__lt=Now() - REMEMBERED).delete()


def _parcels(artwork_ids: Iterable[UUID]) -> Iterator[tuple[UUID, ...]]:
    rest = iter(artwork_ids)
    while parcel := tuple(islice(rest, PARCEL)):
        yield parcel


@transaction.atomic
def _refresh(artwork_ids: set[UUID], is_news: bool) -> int:
    hanging = Artwork.objects.on_wall().filter(pk__in=artwork_ids).order_by("pk")
    # In one order, so that two that draw the same works wait for each other and never both.
    locked = list(hanging.select_for_update(no_key=True).values_list("pk", flat=True))
    Card.objects.filter(pk__in=artwork_ids - set(locked)).delete()
    if locked:
        works = Artwork.objects.filter(pk__in=locked).with_files()
        sales = sales_of_artworks(locked)
        colours = dict(ArtworkLook.objects.filter(pk__in=locked).values_list("pk", "colours"))
        drawn = [draw(work, sales.get(work.pk, []), colours.get(work.pk, [])) for work in works]
        write_drawn(drawn, is_news=is_news)
    return len(locked)


def write_drawn(drawn: Sequence[Mapping[str, Any]], *, is_news: bool = True) -> None:
    """Write cards as `drawing.draw` gives them: for those alone who know that what was drawn is still so."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"drawn": json.dumps(drawn, ensure_ascii=False), "is_news": is_news})
