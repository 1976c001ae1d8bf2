"""Work that runs beside the requests for as long as the server does."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

_log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 1.0


async def forever(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step until cancelled; one that fails (a full disk, say) is logged and tried again."""
    while True:
        try:
            await step()
        except Exception:  # noqa: BLE001 logged, and tried again: a dead courier would go unnoticed
            _log.exception("sandbox.background_failed", work=name)
            await asyncio.sleep(_PAUSE_SECONDS)
