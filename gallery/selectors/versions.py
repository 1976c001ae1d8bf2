"""The catalogue's version: what all that is cached of it is kept under."""

from django.db import connection


def catalogue_version() -> str:
    """A short text that is another one after every commit that changed cards.

    It is which changes one sees: the newest of them and how many there are, so that one that was made earlier and
    committed later counts too. One query of an index and some rows; no lock, and nothing to be bumped by hand.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) || '.' || count(*) FROM gallery_cataloguechange")
        return str(cursor.fetchone()[0])
