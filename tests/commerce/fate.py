"""Processes that die at one of their statements to the database, which is also right after any call to the provider."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Killed(BaseException):
    """The process dies here: what was not committed is as if it had never been."""


@contextmanager
def dying_after(statements: int | None) -> Iterator[None]:
    """Within, the statement after so many raises Killed, once; with None nobody dies."""
    if statements is None:
        yield
        return
    left = [statements]

    def count(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        left[0] -= 1
        if left[0] == -1:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield
