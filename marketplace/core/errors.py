"""Errors of the domain: each carries a code, a sentence and data, and one handler turns them into problem details.

AtelierError
├── InvalidInput        422  what was sent does not make sense; `errors` names the fields
├── NotFound            404
├── PermissionRefused   403
├── Conflict            409  the thing is not in a state that allows this
│   └── KeyInUse        409  the same Idempotency-Key is being worked on right now
├── KeyReused           422  the same Idempotency-Key came with another request
├── MalformedKey        400
├── InvalidCursor       400  a list cannot go on from there
└── Unavailable         503  a part of the house does not answer; trying again may help
"""

from typing import Any, ClassVar

from django.utils.translation import gettext


class AtelierError(Exception):
    """Something the caller should hear about, in words they can act on."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "The request failed"
    status: ClassVar[int] = 400
    transient: ClassVar[bool] = False

    def __init__(self, detail: str = "", **data: Any) -> None:
        self.detail = detail or gettext(self.title)
        super().__init__(self.detail)
        self.data = data


class InvalidInput(AtelierError):
    """Something in the request does not make sense; `errors` maps each field to what is wrong with it."""

    code, title, status = "invalid-input", "Some of the input is not valid", 422


class NotFound(AtelierError):
    """No such thing, or none that you may see."""

    code, title, status = "not-found", "Not found", 404


class PermissionRefused(AtelierError):
    """You are known, but this is not yours to do."""

    code, title, status = "permission-refused", "You may not do this", 403


class Conflict(AtelierError):
    """The thing is not in a state that allows this."""

    code, title, status = "conflict", "Not possible in the present state", 409


class KeyInUse(Conflict):
    """A request with the same Idempotency-Key is still being worked on; ask again in a moment."""

    code, title = "idempotency-key-in-use", "The first request with this key is still running"
    transient = True


class KeyReused(AtelierError):
    """The Idempotency-Key was used before with another request."""

    code, title, status = "idempotency-key-reused", "This key belongs to another request", 422


class MalformedKey(AtelierError):
    """An Idempotency-Key has 1 to 200 printable characters."""

    code, title, status = "idempotency-key-malformed", "The Idempotency-Key is malformed", 400


class InvalidCursor(AtelierError):
    """A cursor is the one that the page before gave out, for the same order; begin again without it."""

    code, title, status = "invalid-cursor", "There is no page at this cursor", 400


class Unavailable(AtelierError):
    """A part of the house does not answer; nothing was lost, and trying again may help."""

    code, title, status = "unavailable", "A part of the house does not answer", 503
    transient = True
