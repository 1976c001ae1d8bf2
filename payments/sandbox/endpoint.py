"""The way of one API call: key, fault, idempotency, one transaction, an answer, a line in the log."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from payments.sandbox import calls, faults, idempotency, typed
from payments.sandbox.config import API_VERSION, Config
from payments.sandbox.documents import expand, take_expansions
from payments.sandbox.identifiers import new_id
from payments.sandbox.keys import authenticate, require_account
from payments.sandbox.parameters import Raw, decode
from payments.sandbox.problems import Body, Problem, ServerProblem
from payments.sandbox.session import Call
from payments.sandbox.store import Document, Store, Transaction

_log = structlog.get_logger(__name__)

Handler = Callable[[Call], Document]


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What came over the wire."""

    method: str
    path: str
    ids: Mapping[str, str]
    authorization: str | None
    idempotency_key: str | None
    parameters: str
    account: str = ""
    """The connected account on whose behalf the platform calls (`Stripe-Account`)."""
    fault: str | None = None
    """The fault that the call orders for itself (`Sandbox-Fault`)."""


@dataclass(kw_only=True)
class Outcome:
    """What goes back, unless it is dropped."""

    status: int
    body: str
    how: str
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False


@dataclass(frozen=True)
class Endpoint:
    """One row of the table of calls."""

    method: str
    path: str
    handler: Handler
    params: str
    """The SDK's name for its parameters, in `stripe.params`."""
    browsers_too: bool = False

    def answer(self, store: Store, config: Config, incoming: Incoming) -> Outcome:
        """Serve one call from beginning to end."""
        return _Serving(self, store, config, incoming).outcome()


class _Serving:
    """One call being served; its parts share the request's identity and its fault."""

    def __init__(self, endpoint: Endpoint, store: Store, config: Config, incoming: Incoming) -> None:
        self.endpoint, self.store, self.config, self.incoming = endpoint, store, config, incoming
        self.request_id = new_id("req", 14)
        self.key = incoming.idempotency_key if incoming.method == "POST" else None
        self.fault = faults.NONE
        self.logged = False
        # A key belongs to the account it was used for.
        self.kept_as = f"{incoming.account} {self.key}" if incoming.account and self.key else self.key

    def outcome(self) -> Outcome:
        try:
            outcome = self._admitted()
        except faults.Dropped:
            outcome = Outcome(status=0, body="", how=calls.FAULTED, dropped=True)
        except Problem as problem:
            struck = self.fault.stage == "before" and problem.status in (429, self.fault.status)
            outcome = _problem(problem, calls.FAULTED if struck else calls.REFUSED)
        if not self.logged:
            with self.store.writing() as tx:
                self._record(tx, outcome)
        outcome = self._spoiled(outcome)
        outcome.headers |= {"Request-Id": self.request_id, "Stripe-Version": API_VERSION}
        if self.key:
            outcome.headers["Idempotency-Key"] = self.key
        return outcome

    def _admitted(self) -> Outcome:
        publishable = authenticate(self.incoming.authorization, self.config, browsers_too=self.endpoint.browsers_too)
        self.fault = faults.take(self.store, self.incoming.method, self.incoming.path, self.incoming.fault)
        self.fault.wait("before")
        self.fault.strike("before")
        raw = decode(self.incoming.parameters)
        if self.kept_as:
            with self.store.writing() as tx:
                kept = idempotency.claim(tx, self.kept_as, self.incoming.path, raw, request_id=self.request_id)
            if kept is not None:
                replayed = {"Idempotent-Replayed": "true", "Original-Request": kept.request_id}
                return Outcome(status=kept.status, body=kept.body, how=calls.REPLAYED, headers=replayed)
        self.fault.wait("during")
        return self._executed(raw, publishable)

    def _executed(self, raw: Raw, publishable: bool) -> Outcome:
        if self.incoming.method == "GET":
            with self.store.reading() as tx:
                return self._worked(tx, raw, publishable)[0]
        with self.store.writing() as tx:
            outcome, recorded = self._worked(tx, raw, publishable)
            if self.kept_as and recorded:
                idempotency.settle(tx, self.kept_as, outcome.status, outcome.body)
            elif self.kept_as:
                idempotency.release(tx, self.kept_as)
            self._record(tx, outcome)
        return outcome

    def _worked(self, tx: Transaction, raw: Raw, publishable: bool) -> tuple[Outcome, bool]:
        call = Call(
            tx=tx,
            config=self.config,
            now=tx.now(),
            request_id=self.request_id,
            idempotency_key=self.key,
            ids=self.incoming.ids,
            raw=raw,
            publishable=publishable,
            spec=typed.spec(self.endpoint.params),
        )
        try:
            with tx.savepoint():
                self.fault.strike("during")
                paths = take_expansions(raw)
                if not publishable:  # Stripe.js sends more than the SDK does
                    typed.check(raw, typed.spec(self.endpoint.params))
                require_account(tx, self.incoming.account)
                tx.account = self.incoming.account
                answer = expand(tx, self.endpoint.handler(call), paths)
        except Problem as problem:
            return _problem(problem, calls.EXECUTED if problem.recorded else calls.REFUSED), problem.recorded
        except Exception:  # noqa: BLE001 logged, and answered as a 500
            # Our own mistake must look to the SDK as Stripe's would, and be seen in the log.
            _log.exception("sandbox.call_failed", path=self.incoming.path, request_id=self.request_id)
            return _problem(ServerProblem("The sandbox failed; its log says how."), calls.EXECUTED), True
        return Outcome(status=200, body=_written(answer), how=calls.EXECUTED), True

    def _spoiled(self, outcome: Outcome) -> Outcome:
        self.fault.wait("after")
        try:
            self.fault.strike("after")
        except faults.Dropped:
            outcome.dropped = True
        except Problem as problem:
            return _problem(problem, calls.FAULTED)
        return outcome

    def _record(self, tx: Transaction, outcome: Outcome) -> None:
        calls.record(
            tx,
            request_id=self.request_id,
            method=self.incoming.method,
            path=self.incoming.path,
            key=self.key,
            outcome=outcome.how,
            status=outcome.status or None,
            fault=None if self.fault is faults.NONE else f"{self.fault.kind} {self.fault.stage}",
        )
        self.logged = True


def _problem(problem: Problem, how: str) -> Outcome:
    return Outcome(status=problem.status, body=_written(problem.body()), how=how)


def _written(body: Body) -> str:
    return json.dumps(body, indent=2)
