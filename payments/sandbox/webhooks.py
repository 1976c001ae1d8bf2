"""Webhooks: every event is told to the product, signed, again and again until it answers 2xx.

Deliveries are rows; a crash or a restart loses none. As at Stripe, they may arrive twice and in any order.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from dataclasses import dataclass

import httpx
import structlog
from starlette.concurrency import run_in_threadpool

from payments.sandbox.background import forever
from payments.sandbox.config import Config
from payments.sandbox.store import Store

_log = structlog.get_logger(__name__)

_AT_ONCE = 8
_ORDERS = {"created": "v.id ASC", "reversed": "v.id DESC", "shuffled": "random()"}
_POLL_SECONDS = 0.5
_LONGEST_PAUSE = 60.0
_TIMEOUT = httpx.Timeout(10.0)


def signature(payload: str, secret: str, moment: int) -> str:
    """The `Stripe-Signature` header for a payload sent at `moment`."""
    digest = hmac.new(secret.encode(), f"{moment}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


@dataclass(frozen=True)
class _Delivery:
    id: int
    attempts: int
    event: str
    payload: str


class Courier:
    """Carries the deliveries that are due to the webhook's URL."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store, self._config = store, config
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be something new to deliver."""
        self._news.set()

    async def run(self) -> None:
        """Deliver for ever."""
        # The receiver is on this machine: a proxy from the environment has no business here.
        async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
            await forever("courier", lambda: self._round(client))

    async def _round(self, client: httpx.AsyncClient) -> None:
        self._news.clear()
        due = await run_in_threadpool(self._due)
        if due:
            await asyncio.gather(*(self._deliver(client, delivery) for delivery in due))
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), _POLL_SECONDS)

    def _due(self) -> list[_Delivery]:
        if self._config.webhook_url is None:
            return []
        with self._store.reading() as tx:
            if tx.switch("webhooks_paused", "no") == "yes":
                return []
            order = _ORDERS[tx.switch("webhook_order", "created")]
            rows = tx.connection.execute(
                "SELECT v.id, v.attempts, v.event, d.body FROM deliveries v JOIN documents d ON d.id = v.event "  # noqa: S608 fixed words
                f"WHERE v.delivered_at IS NULL AND v.next_at <= ? ORDER BY {order} LIMIT ?",
                (time.time(), _AT_ONCE),
            ).fetchall()
        return [_Delivery(*row) for row in rows]

    async def _deliver(self, client: httpx.AsyncClient, delivery: _Delivery) -> None:
        payload = json.dumps({**json.loads(delivery.payload), "pending_webhooks": 1}, indent=2)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            # Real time, whatever the sandbox's clock says: receivers refuse signatures older than five minutes.
            "Stripe-Signature": signature(payload, self._config.webhook_secret, int(time.time())),
            "User-Agent": "Stripe/1.0 (sandbox)",
        }
        try:
            answer = await client.post(str(self._config.webhook_url), content=payload, headers=headers)
            delivered, told = answer.is_success, str(answer.status_code)
        except httpx.HTTPError as failure:
            delivered, told = False, type(failure).__name__
        await run_in_threadpool(self._settle, delivery, delivered, told)

    def _settle(self, delivery: _Delivery, delivered: bool, told: str) -> None:
        now = time.time()
        pause = min(self._config.retry_seconds * 2**delivery.attempts, _LONGEST_PAUSE)
        with self._store.writing() as tx:
            tx.connection.execute(
                "UPDATE deliveries SET attempts = attempts + 1, last_answer = ?, next_at = ?, delivered_at = ? "
                "WHERE id = ?",
                (told, now + pause, now if delivered else None, delivery.id),
            )
        if not delivered:
            _log.info("sandbox.webhook_refused", delivered=delivery.event, answer=told, next_in=pause)
