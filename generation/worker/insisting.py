"""Patience with a database or an object store that is away for a moment: made work is not thrown away for it."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from marketplace.core.storage import StorageUnavailable

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
PATIENCE = 60.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
AWAY = (StorageUnavailable, OperationalError, InterfaceError)


def insist(act: Callable[[], Result], *, while_wanted: Callable[[], bool]) -> Result:
    """Do `act` again until the parts answer, for a minute at most and only as long as it is wanted.

    Raises what `act` raised last: StorageUnavailable, OperationalError, InterfaceError, or anything else at once.
    """
    until, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
    while True:
        try:
            return act()
        except AWAY as error:
            close_old_connections()
            if time.monotonic() + pause > until or not while_wanted():
                raise
            log.warning("worker.part_away", error=f"{type(error).__name__}: {error}", pause=pause)
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
