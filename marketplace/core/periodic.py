"""Work that is due again and again: what the sweeper does, declared in each app's `tasks.py`."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import connection

from marketplace.core.audit import acting_as

log = structlog.get_logger(__name__)
SWEEPER_LOCK = 0x41_54_4C_52  # any fixed number: PostgreSQL's advisory lock that only one sweeper holds


@dataclass
class Chore:
    """A function and how often it is due."""

    run: Callable[[], None]
    seconds: float
    due: float = field(default=0.0)


_chores: dict[str, Chore] = {}


def periodic(*, seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Have the sweeper call this function every `seconds`; it must stand being called twice."""

    def register(run: Callable[[], None]) -> Callable[[], None]:
        _chores[f"{run.__module__}.{run.__name__}"] = Chore(run, seconds)
        return run

    return register


def run_due(*, everything: bool = False) -> list[str]:
    """Run the chores that are due (or all), if no other sweeper is at it; return the names of those that ran.

    A chore that fails is logged and does not keep the others from running.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEPER_LOCK])
        if not cursor.fetchone()[0]:
            return []
        try:
            return [name for name, chore in _chores.items() if _run_if_due(name, chore, everything)]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEPER_LOCK])


def _run_if_due(name: str, chore: Chore, everything: bool) -> bool:
    now = time.monotonic()
    if not everything and chore.due > now:
        return False
    chore.due = now + chore.seconds
    try:
        with acting_as(f"chore {name}"):
            chore.run()
    except Exception:
        log.exception("chore.failed", chore=name)
    return True
