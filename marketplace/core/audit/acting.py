"""Who acts: kept beside the running code, and told to the database in front of each writing statement.

A comment before the statement, `/*by person request source */`, is read by the audit trigger through
`current_query()`. So it costs no round trip, needs no transaction, and cannot be left behind on a pooled connection
or lost by a rollback, as a session's setting is. Statements that only read are sent as they are.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest
from django.utils.functional import LazyObject, empty

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|WITH)\b", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._:/@+-]")  # what is left can neither end a comment nor be a placeholder
LONGEST_SOURCE = 160


@dataclass(slots=True)
class Acting:
    """By what (`POST /api/v1/…`, `event payment.captured`), for which request or message, and for whom, if anybody."""

    source: str
    request_id: str = ""
    request: HttpRequest | None = None

    @property
    def person_id(self) -> str:
        """The signed-in person's id, once the request's view has asked who it is: asking here would cost a query."""
        user = getattr(self.request, "user", None)
        if isinstance(user, LazyObject):
            user = user.__dict__["_wrapped"]
        return "" if user is None or user is empty else str(user.pk or "")

    def comment(self) -> str:
        words = [_safe(word) for word in self.source.split()]
        source = " ".join(words)[:LONGEST_SOURCE]
        return f"/*by {_safe(self.person_id) or '-'} {_safe(self.request_id) or '-'} {source} */ "


def _safe(text: str) -> str:
    return _UNSAFE.sub("_", text)


def _of_this_process() -> Acting:
    script, *words = sys.argv or [""]
    path = Path(script)
    name = path.parent.name if path.stem == "__main__" else path.name
    return Acting(f"command {words[0]}" if name == "manage.py" and words else f"process {name or 'python'}")


_process = _of_this_process()
_acting: ContextVar[Acting] = ContextVar("acting", default=_process)


@contextmanager
def acting_as(source: str, *, request_id: str = "") -> Iterator[None]:
    """The house acts by itself: within, every change is put down to `source`, such as `event payment.captured`."""
    token = _acting.set(Acting(source, request_id))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def acting_for(request: HttpRequest, request_id: str) -> Iterator[None]:
    """Within, every change is put down to the person who signed in to `request`, and to its address."""
    token = _acting.set(Acting(f"{request.method} {request.path}", request_id, request))
    try:
        yield
    finally:
        _acting.reset(token)


def begin(source: str, request_id: str) -> None:
    """What this thread does from now on is put down to `source`; for a worker, which begins with each message anew."""
    _acting.set(Acting(source, request_id))


def install() -> None:
    """Have every database connection of this process say who acts."""
    connection_created.connect(_equip, dispatch_uid="core.audit")


def _equip(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if _say_who not in connection.execute_wrappers:
        connection.execute_wrappers.append(_say_who)


def _say_who(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if isinstance(sql, str) and WRITES.match(sql):
        sql = _acting.get().comment() + sql
    return execute(sql, params, many, context)
