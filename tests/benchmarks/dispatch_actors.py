"""The baselines: an actor that does nothing, bare, and with django-dramatiq's row for each of its messages.

`dramatiq tests.benchmarks.dispatch_actors:bare` and `…:kept` work on them.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.dispatch_settings")
django.setup()

import dramatiq  # noqa: E402  # after Django stands: its apps declare the house's own broker
from django.conf import settings  # noqa: E402
from django_dramatiq.middleware import AdminMiddleware, DbConnectionsMiddleware  # noqa: E402
from dramatiq.brokers.redis import RedisBroker  # noqa: E402

_url = settings.ATELIER.broker_url.get_secret_value()
bare = RedisBroker(url=_url, namespace="bench-bare")  # type: ignore[no-untyped-call]
kept = RedisBroker(url=_url, namespace="bench-kept")  # type: ignore[no-untyped-call]
kept.add_middleware(DbConnectionsMiddleware())
kept.add_middleware(AdminMiddleware())


@dramatiq.actor(queue_name="bench", broker=bare)
def do_nothing(subject: str) -> None:
    """Take a message and be done."""


@dramatiq.actor(queue_name="bench", broker=kept, actor_name="do_nothing_kept")
def do_nothing_kept(subject: str) -> None:
    """Take a message and be done; its row is kept by the middleware."""


def left(broker: RedisBroker) -> int:
    """How many messages of a broker are not acknowledged yet."""
    waiting: int = broker.client.hlen(f"{broker.namespace}:bench.msgs")  # type: ignore[assignment]  # not asynchronous
    return waiting
