"""Work that runs beside the requests for as long as the server does."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import structlog

_log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 1.0


async def forever(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step until cancelled; a storage that refuses for a while (a full disk) is said and tried again."""
    while True:
        try:
            await step()
        except sqlite3.Error:
            _log.exception("sandbox.background_failed", work=name)
            await asyncio.sleep(_PAUSE_SECONDS)
