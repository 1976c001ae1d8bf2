"""Views of a work's page by people who are signed in: noted in Redis, kept in the database once a minute.

A browser tells of one when the page has been open for some seconds (`gallery/keeping.html`). An anonymous view costs
nothing, so it counts for nothing, and is not noted. Redis holds no more than `MOST_WAITING` views and, of each person
and day, `A_DAY`: more than that is no person. Should Redis be away, or lose them, views are lost and nothing else is.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import cast
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from gallery.models import Seen
from marketplace.accounts.models import User

log = structlog.get_logger(__name__)
A_DAY = 300
MOST_WAITING = 100_000
AT_ONCE = 1_000
KEEP = timedelta(days=90)
WAITING = "atelier:views"
_DAY_SECONDS = 86_400
_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|preview|headless|python|curl|wget|httpx|scrapy|java/|go-http", re.I)
# Who was deleted meanwhile, or what, is passed over; the same view kept twice is one.
_KEEP = """
    INSERT INTO gallery_seen AS had (person_id, artwork_id)
    SELECT given.person, given.artwork FROM unnest(%s::uuid[], %s::uuid[]) AS given (person, artwork)
    JOIN accounts_user AS person ON person.id = given.person
    JOIN generation_artwork AS artwork ON artwork.id = given.artwork
    ORDER BY given.person, given.artwork
    ON CONFLICT (person_id, artwork_id) DO UPDATE SET last_at = now()
"""


def note_view(*, person: User, artwork_id: UUID, user_agent: str) -> bool:
    """Note that a person looked at a work; whether it was: robots, and who looks at too many a day, are not."""
    if not user_agent or _ROBOT.search(user_agent):
        return False
    today = f"{WAITING}:{timezone.now():%Y-%m-%d}:{person.pk}"
    try:
        with _redis().pipeline() as pipe:
            pipe.scard(today)
            pipe.scard(WAITING)
            looked, waiting = pipe.execute()
            if looked >= A_DAY or waiting >= MOST_WAITING:
                return False
            pipe.sadd(today, artwork_id.hex)
            pipe.expire(today, _DAY_SECONDS)
            pipe.sadd(WAITING, f"{person.pk.hex}{artwork_id.hex}")
            return bool(pipe.execute()[0])
    except redis.RedisError as error:
        log.warning("view.not_noted", error=str(error))
        return False


def keep_views() -> int:
    """Keep what was noted, and forget what is old; returns how many views were kept.

    They leave Redis when they are in the database: a process that dies between the two keeps them again.
    """
    kept = 0
    while waiting := cast("list[bytes]", _redis().srandmember(WAITING, AT_ONCE)):
        _write([view.decode() for view in waiting])
        _redis().srem(WAITING, *waiting)
        kept += len(waiting)
    Seen.objects.filter(last_at__lt=timezone.now() - KEEP).delete()
    return kept


def _write(views: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [[view[:32] for view in views], [view[32:] for view in views]])


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.ATELIER.cache_url.get_secret_value(), socket_timeout=1.0)
