"""Counting attention anew: of works that had signals lately, and of none besides."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from gallery.models import Attention
from gallery.services.trending.scoring import WINDOW, Score, scores
from gallery.services.trending.signals import signals_since

log = structlog.get_logger(__name__)
NOTHING = 0.01  # a score below that is none
MOVED = 0.005  # a score that changed by less of itself stays as it is written
_WRITE = """
    INSERT INTO gallery_attention AS had (artwork_id, score, people, counted_at)
    SELECT given.artwork, given.score, given.people, %(now)s
    FROM unnest(%(artworks)s::uuid[], %(scores)s::float8[], %(people)s::int[]) AS given (artwork, score, people)
    ON CONFLICT (artwork_id) DO UPDATE
        SET score = excluded.score, people = excluded.people, counted_at = excluded.counted_at
        WHERE had.people <> excluded.people OR abs(had.score - excluded.score) > %(moved)s * had.score
    RETURNING artwork_id
"""
# Cards that were drawn since have no trend yet; those whose attention is over have one still.
_ON_CARDS = (
    """UPDATE gallery_card SET trend = had.score FROM gallery_attention AS had
       WHERE had.artwork_id = gallery_card.artwork_id AND trend <> had.score""",
    """UPDATE gallery_card SET trend = 0
       WHERE trend > 0
       AND NOT EXISTS (SELECT FROM gallery_attention AS had WHERE had.artwork_id = gallery_card.artwork_id)""",
)


@transaction.atomic
def count_attention(*, now: datetime | None = None) -> int:
    """Score every work anew that had signals in the last weeks; returns how many scores changed."""
    now = now or timezone.now()
    found = scores(signals_since(now - WINDOW, now), now)
    counted = {work: score for work, score in found.items() if score.value >= NOTHING}
    over = list(Attention.objects.exclude(pk__in=counted).values_list("pk", flat=True))
    Attention.objects.filter(pk__in=over).delete()
    changed = [*over, *_write(counted, now)]
    with connection.cursor() as cursor:
        for statement in _ON_CARDS:
            cursor.execute(statement)
    log.info("attention.counted", works=len(counted), changed=len(changed))
    return len(changed)


def _write(counted: dict[UUID, Score], now: datetime) -> list[UUID]:
    works = sorted(counted)  # rows are locked in one order, whoever counts
    given: dict[str, Any] = {
        "artworks": works, "scores": [counted[work].value for work in works],
        "people": [counted[work].people for work in works], "now": now, "moved": MOVED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, given)
        return [row[0] for row in cursor.fetchall()]
