"""Is the process of this container well? Exit status 0 if so: `python docker/health.py web|worker|relay|sweeper`.

The web server must answer /healthz. The others have no port; they say in the database every few seconds that they
live (marketplace.core.health.beat), and the last time must be recent. Django is not loaded: this runs twice a minute.
"""

import os
import socket
import sys
import urllib.request
from urllib.parse import urlsplit

import psycopg

LATE_SECONDS = 60


def web_answers(public_url: str, port: int = 8000) -> bool:
    """Whether /healthz says ok; it is asked under the public name, since Django answers to no other."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": urlsplit(public_url).netloc})
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310  # a fixed http address
        return bool(answer.status == 200)


def has_beaten(database_url: str, name: str) -> bool:
    """Whether the relay, the sweeper or one of this host's workers gave a recent sign of life."""
    prefix = f"worker:{socket.gethostname()}:" if name == "worker" else name
    with psycopg.connect(database_url, connect_timeout=4) as connection:
        row = connection.execute(
            "SELECT count(*) FROM core_heartbeat WHERE starts_with(name, %s)"
            " AND beat_at > now() - make_interval(secs => %s)",
            [prefix, LATE_SECONDS],
        ).fetchone()
    return row is not None and row[0] > 0


def main(name: str) -> int:
    """Check `name`; what goes wrong is shown by `docker inspect`."""
    if name == "web":
        return 0 if web_answers(os.environ["PUBLIC_URL"]) else 1
    return 0 if has_beaten(os.environ["DATABASE_URL"], name) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
