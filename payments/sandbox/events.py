"""Events: what happened, kept for ever and owed to the webhook until it was told."""

import time
from typing import Any

from payments.sandbox.config import API_VERSION
from payments.sandbox.documents import page, public
from payments.sandbox.identifiers import new_id
from payments.sandbox.parameters import Shape, array, text
from payments.sandbox.session import Call, Session
from payments.sandbox.store import Document, Transaction


def emit(session: Session, kind: str, document: Document, *, previous: dict[str, Any] | None = None) -> None:
    """Record that `kind` happened to `document`, in the transaction that made it so."""
    data: dict[str, Any] = {"object": public(document)}
    if previous:
        data["previous_attributes"] = previous
    event: Document = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": session.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": session.request_id, "idempotency_key": session.idempotency_key},
        "type": kind,
    }
    if session.tx.account:
        event["account"] = session.tx.account
    session.tx.add(event)
    if session.config.webhook_url:
        owe(session.tx, event["id"], times=int(session.tx.switch("webhook_copies", "1")))


def owe(tx: Transaction, event: str, *, times: int = 1) -> None:
    """Put an event in the webhook's queue, `times` over."""
    first = time.time() + int(tx.switch("webhook_delay", "0"))
    tx.connection.executemany("INSERT INTO deliveries (event, next_at) VALUES (?, ?)", [(event, first)] * times)


def retrieve(call: Call) -> Document:
    """``GET /v1/events/{id}``."""
    call.read({})
    return _with_pending(call.tx, call.tx.get("event", call.ids["id"]))


def listing(call: Call) -> Document:
    """``GET /v1/events``, filtered by type or types."""
    filters: Shape = {"type": text}
    if "types" in call.raw:
        call.raw["type"] = call.raw.pop("types")
        filters = {"type": array(text)}
    answer = page(call, "event", "/v1/events", filters=filters)
    answer["data"] = [_with_pending(call.tx, event) for event in answer["data"]]
    return answer


def _with_pending(tx: Transaction, event: Document) -> Document:
    (pending,) = tx.connection.execute(
        "SELECT count(*) FROM deliveries WHERE event = ? AND delivered_at IS NULL", (event["id"],)
    ).fetchone()
    return {**event, "pending_webhooks": pending}
