"""Primary keys that sort by time and tell nothing else."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): the time, then chance, so that new rows land at the index's end.

    48 bits of milliseconds and 12 bits of their fraction (method 3): rows that are made one after another keep their
    order, as the pictures of a folder do.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    chance = int.from_bytes(os.urandom(8))
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    return uuid.UUID(int=value)
