"""One at a time in the whole house: for work that waits on strangers and must not hold every worker while it does."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def slot(name: str) -> Iterator[bool]:
    """Whether nobody else in the house is within the slot of this name; within, nobody else comes in.

    It is an advisory lock of PostgreSQL: should this process die, its connection does, and the slot is free.
    """
    number = zlib.crc32(name.encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        [is_mine] = cursor.fetchone()
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
