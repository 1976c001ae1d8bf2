"""Loopback ports for the parts: chosen free, and the same again next time where they still are."""

import json
import socket
from contextlib import closing
from pathlib import Path


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def remembered(path: Path, names: list[str]) -> dict[str, int]:
    """A free port for each name; those written in `path` are kept while they are free."""
    before: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    ports = {name: before[name] if name in before and is_free(before[name]) else free_port() for name in names}
    path.write_text(json.dumps(ports))
    return ports
