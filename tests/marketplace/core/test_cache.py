"""The cache connects once a process, however many contexts ask it."""

from contextvars import Context
from typing import Any, cast

from django.core.cache import caches


def test_a_new_context_asks_by_the_connection_that_is_there() -> None:
    """A request under ASGI is a context of its own."""

    def connection() -> int:
        return int(cast(Any, caches["default"])._cache.get_client().client_id())

    assert len({Context().run(connection) for _ in range(3)}) == 1


def test_what_one_context_keeps_another_finds() -> None:
    Context().run(caches["default"].set, "kept", {"by": "a request"}, 30)
    assert Context().run(caches["default"].get, "kept") == {"by": "a request"}
