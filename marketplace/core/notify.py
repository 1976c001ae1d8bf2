"""Telling other processes at once that something changed, by PostgreSQL's LISTEN and NOTIFY.

A notification is a nudge, never the truth: it may be missed, so every listener also looks for itself now and then.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from weakref import WeakKeyDictionary

import psycopg
import structlog
from django.db import connection
from psycopg import sql

log = structlog.get_logger(__name__)


def publish(channel: str, *payloads: str) -> None:
    """Notify `channel`'s listeners when the present transaction commits (at once outside one)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [channel, list(payloads) or [""]]
        )


def conninfo() -> str:
    """The address of the database in use, for a connection outside Django's pool."""
    params = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        dbname=params["NAME"],
        user=params["USER"],
        password=params["PASSWORD"],
        host=params["HOST"],
        port=params["PORT"],
    )


def nudges(channel: str, *, timeout: float) -> Iterator[str]:
    """Yield a payload of `channel` whenever any came, an empty one after `timeout` seconds of silence.

    A lost connection is replaced.
    """
    while True:
        try:
            with psycopg.connect(conninfo(), autocommit=True) as listener:
                listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                yield ""
                while True:
                    heard = next(listener.notifies(timeout=timeout, stop_after=1), None)
                    for _ in listener.notifies(timeout=0):
                        continue  # several that came at once are one nudge
                    yield heard.payload if heard else ""
        except psycopg.OperationalError as error:
            log.warning("listener.lost", channel=channel, error=str(error))
            yield ""


class _Hub:
    """One listening connection for all the streams of one event loop."""

    def __init__(self) -> None:
        self.queues: defaultdict[tuple[str, str], set[asyncio.Queue[None]]] = defaultdict(set)
        self.task: asyncio.Task[None] | None = None

    def wake_all(self) -> None:
        for queues in self.queues.values():
            for queue in queues:
                queue.put_nowait(None)

    async def run(self, channel: str) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as listener:
                    await listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    # What was said before the connection stood is unknown: let everybody look for themselves.
                    self.wake_all()
                    async for heard in listener.notifies():
                        for queue in self.queues.get((channel, heard.payload), ()):
                            queue.put_nowait(None)
            except psycopg.OperationalError as error:
                log.warning("listener.lost", channel=channel, error=str(error))
                await asyncio.sleep(1)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Hub]] = WeakKeyDictionary()


@contextlib.asynccontextmanager
async def subscription(channel: str, payload: str) -> AsyncIterator[asyncio.Queue[None]]:
    """A queue that gets an item whenever `payload` is published on `channel`."""
    hubs = _hubs.setdefault(asyncio.get_running_loop(), {})
    hub = hubs.setdefault(channel, _Hub())
    if hub.task is None or hub.task.done():
        hub.task = asyncio.create_task(hub.run(channel))
    queue: asyncio.Queue[None] = asyncio.Queue()
    hub.queues[channel, payload].add(queue)
    try:
        yield queue
    finally:
        hub.queues[channel, payload].discard(queue)
        if not hub.queues[channel, payload]:
            del hub.queues[channel, payload]
        if not hub.queues:
            hub.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await hub.task


async def changes(channel: str, payload: str, *, every: float) -> AsyncIterator[None]:
    """Yield at once, at each notification, and at least `every` seconds."""
    async with subscription(channel, payload) as queue:
        yield None
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(queue.get(), timeout=every)
            while not queue.empty():
                queue.get_nowait()
            yield None
