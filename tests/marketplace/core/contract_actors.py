"""What `dramatiq tests.marketplace.core.contract_actors` runs: actors that leave marks in a folder, and nothing else.

The broker is the house's own. Only what would take minutes takes seconds here: when Redis gives up a silent worker.
"""

import os
import time
from pathlib import Path

import dramatiq
from django.conf import settings
from dramatiq.brokers.redis import RedisBroker

from marketplace.core.broker import CPU, connect

settings.configure()  # no database: the brokers alone are tried
broker = connect(os.environ["BROKER_URL"])
if isinstance(broker, RedisBroker):
    broker.heartbeat_timeout = 3000
    broker.maintenance_chance = 1_000_000
dramatiq.set_broker(broker)


@dramatiq.actor(queue_name=CPU)
def leave_marks(folder: str, name: str, seconds: float = 0.0, until: str = "") -> None:
    """Say who began, take a while or wait for a mark, and say who ended."""
    mark(folder, f"{name} began")
    time.sleep(seconds)
    while until and not (Path(folder) / until).exists():
        time.sleep(0.02)
    mark(folder, f"{name} ended")


@dramatiq.actor(queue_name=CPU)
def stumble(folder: str, name: str) -> None:
    """Fail at once."""
    mark(folder, f"{name} began")
    raise ZeroDivisionError


def mark(folder: str, words: str) -> None:
    """A line for each time, with the process that wrote it."""
    with (Path(folder) / words).open("a") as file:
        file.write(f"{os.getpid()}\n")
