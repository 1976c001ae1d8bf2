"""The catalogue's version: what all that is cached of it is kept under."""

from uuid import UUID

from django.core.cache import cache
from django.db import connection


def catalogue_version() -> str:
    """A short text that is another one after every commit that changed cards.

    It is which changes one sees: the newest of them and how many there are, so that one that was made earlier and
    committed later counts too. One query of an index and some rows; no lock, and nothing to be bumped by hand.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) || '.' || count(*) FROM gallery_cataloguechange")
        return str(cursor.fetchone()[0])


def work_version(artwork_id: UUID) -> str:
    """A short text that is another one whenever something on a work's page changed that is on no card.

    Its own row, the offer to paint in its style, the model that made it, how it fares while it is made again, and
    whether its file was read.
    """
    is_read = cache.get(_read(artwork_id), "")
    with connection.cursor() as cursor:
        cursor.execute(_WORK, {"work": artwork_id})
        return f"{cursor.fetchone()[0]} {is_read}"


def note_origin_read(artwork_id: UUID) -> None:
    """What a work's file says of itself has been read, so its page can say it."""
    cache.set(_read(artwork_id), "read", _READ_SECONDS)


def _read(artwork_id: UUID) -> str:
    return f"origin-read:{artwork_id}"


_READ_SECONDS = 24 * 3600


_WORK = """
    SELECT concat_ws(' ',
        (SELECT concat_ws(' ', visibility, updated_at) FROM generation_artwork WHERE id = %(work)s),
        (SELECT max(updated_at) FROM listings_listing WHERE artwork_id = %(work)s),
        (SELECT concat_ws(' ', model.state, model.is_held, model.updated_at) FROM generation_artwork AS work
          JOIN generation_job AS job ON job.id = work.job_id
          JOIN generation_trainedmodel AS model ON model.id = job.trained_model_id WHERE work.id = %(work)s),
        (SELECT concat_ws(' ', id, state, stage, progress) FROM generation_job
          WHERE subject_id = %(work)s AND purpose = 'check' ORDER BY id DESC LIMIT 1))
"""
