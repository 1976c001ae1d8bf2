"""`manage.py relay`: sends what the outbox holds to the broker, woken by the database itself."""

import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from marketplace.core import health, notify, outbox

log = structlog.get_logger(__name__)
BEAT_SECONDS = 5.0


class Command(BaseCommand):
    help = "Relay the outbox to the broker until stopped. Several may run; each row goes out once a try."

    def handle(self, *args: Any, **options: Any) -> None:
        beaten = 0.0
        for _ in notify.nudges(outbox.CHANNEL, timeout=1.0):
            try:
                while outbox.relay() > 0:
                    continue
                if time.monotonic() - beaten > BEAT_SECONDS:
                    health.beat("relay")
                    beaten = time.monotonic()
            except DatabaseError as error:
                log.warning("relay.database", error=str(error))
                connection.close()
                time.sleep(1)
            except Exception:
                # The broker does not answer: nothing was marked, so everything is sent when it does.
                log.exception("relay.broker")
                time.sleep(1)
