"""What tests and the operator may do to the sandbox: everything under ``/_sandbox/``, with the secret key."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from payments.sandbox import calls, clock, events, faults
from payments.sandbox.config import Config
from payments.sandbox.parameters import Shape, choice, read, whole
from payments.sandbox.problems import InvalidRequest
from payments.sandbox.store import Store, Transaction

Answer = dict[str, Any]

_YEARS = 10 * 366 * 86_400
_WEBHOOKS: Shape = {
    "paused": choice("true", "false"),
    "copies": whole(minimum=1, maximum=20),
    "order": choice("created", "reversed", "shuffled"),
    "delay": whole(maximum=3600),
}


@dataclass(frozen=True, kw_only=True)
class Command:
    """One call to the control surface."""

    store: Store
    config: Config
    ids: Mapping[str, str]
    query: dict[str, str]
    body: Mapping[str, Any]

    def read(self, shape: Shape) -> dict[str, Any]:
        """The body's members, checked. JSON's own true and 3 count as their words."""
        return read({name: _word(value) for name, value in self.body.items()}, shape)


def show(command: Command) -> Answer:
    """``GET /_sandbox/state``: the clock, the webhooks, the faults that wait."""
    with command.store.reading() as tx:
        return _state(tx)


def set_webhooks(command: Command) -> Answer:
    """``POST /_sandbox/webhooks`` {paused, copies, order, delay}.

    Hold them back, send each several times, newest first or in no order, or some seconds (of real time) late.
    """
    sent = command.read(_WEBHOOKS)
    with command.store.writing() as tx:
        if "paused" in sent:
            tx.set_switch("webhooks_paused", "yes" if sent["paused"] == "true" else "no")
        if "copies" in sent:
            tx.set_switch("webhook_copies", str(sent["copies"]))
        if "order" in sent:
            tx.set_switch("webhook_order", sent["order"])
        if "delay" in sent:
            tx.set_switch("webhook_delay", str(sent["delay"]))
        return _state(tx)


def resend(command: Command) -> Answer:
    """``POST /_sandbox/events/{id}/resend`` {times}: deliver an event again."""
    sent = command.read({"times": whole(minimum=1, maximum=100)})
    if command.config.webhook_url is None:
        raise InvalidRequest("This sandbox was started without a webhook URL.")
    with command.store.writing() as tx:
        event = tx.get("event", command.ids["id"])
        events.owe(tx, event["id"], times=sent.get("times", 1))
        return _state(tx)


def advance_clock(command: Command) -> Answer:
    """``POST /_sandbox/clock`` {advance}: move the clock on by seconds; what falls due happens before the answer."""
    sent = command.read({"advance": whole(minimum=1, maximum=_YEARS)})
    clock.advance(command.store, command.config, sent.get("advance", 0))
    return show(command)


def add_fault(command: Command) -> Answer:
    """``POST /_sandbox/faults`` {kind, method, path, stage, status, seconds, times}."""
    with command.store.writing() as tx:
        faults.order(tx, command.body)
        return {"faults": faults.waiting(tx)}


def clear_faults(command: Command) -> Answer:
    """``DELETE /_sandbox/faults``."""
    with command.store.writing() as tx:
        faults.clear(tx)
    return {"faults": []}


def list_calls(command: Command) -> Answer:
    """``GET /_sandbox/calls?method=&path=&idempotency_key=&outcome=``."""
    with command.store.reading() as tx:
        return {"calls": calls.listing(tx, command.query)}


def clear_calls(command: Command) -> Answer:
    """``DELETE /_sandbox/calls``."""
    with command.store.writing() as tx:
        calls.clear(tx)
    return {"calls": []}


def reset(command: Command) -> Answer:
    """``POST /_sandbox/reset``: forget everything."""
    with command.store.writing() as tx:
        tx.erase()
        return _state(tx)


COMMANDS: tuple[tuple[str, str, Callable[[Command], Answer]], ...] = (
    ("GET", "/_sandbox/state", show),
    ("POST", "/_sandbox/webhooks", set_webhooks),
    ("POST", "/_sandbox/events/{id}/resend", resend),
    ("POST", "/_sandbox/clock", advance_clock),
    ("POST", "/_sandbox/faults", add_fault),
    ("DELETE", "/_sandbox/faults", clear_faults),
    ("GET", "/_sandbox/calls", list_calls),
    ("DELETE", "/_sandbox/calls", clear_calls),
    ("POST", "/_sandbox/reset", reset),
)


def _state(tx: Transaction) -> Answer:
    (pending,) = tx.connection.execute("SELECT count(*) FROM deliveries WHERE delivered_at IS NULL").fetchone()
    return {
        "now": tx.now(),
        "clock_offset": int(tx.switch("clock_offset", "0")),
        "webhooks": {
            "paused": tx.switch("webhooks_paused", "no") == "yes",
            "copies": int(tx.switch("webhook_copies", "1")),
            "order": tx.switch("webhook_order", "created"),
            "delay": int(tx.switch("webhook_delay", "0")),
            "pending": pending,
        },
        "faults": faults.waiting(tx),
    }


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
