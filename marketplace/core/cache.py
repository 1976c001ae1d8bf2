"""The cache: Django's own on Redis, with one client of each server for a whole process.

Django makes a client for whatever is asked, and a pool of connections wherever it meets a new context; under ASGI that
is every request, so each would connect anew.
"""

from functools import cache

from django.core.cache.backends import redis as django
from redis import Redis


class OneClient(django.RedisCacheClient):
    """Asks through the clients that the process has already."""

    def get_client(self, key: str | None = None, *, write: bool = False) -> Redis:  # type: ignore[override]  # stubs: Any
        """The client of the server that a key is written to, or read from."""
        return _client(self._servers[self._get_connection_pool_index(write)])  # type: ignore[attr-defined]  # in no stub


class Cache(django.RedisCache):
    """Django's cache on Redis, through `OneClient`."""

    def __init__(self, server: str, params: dict[str, object]) -> None:
        super().__init__(server, params)
        self._class = OneClient


@cache
def _client(server: str) -> Redis:
    # Its pool is safe between threads, and begins anew in a process that was forked.
    return Redis.from_url(server)
