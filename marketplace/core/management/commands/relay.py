"""`manage.py relay`: sends what the outbox holds to the broker, woken by the database itself."""

import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from marketplace.core import broker, health, notify, outbox

log = structlog.get_logger(__name__)
BEAT_SECONDS = 5.0
TOGETHER_SECONDS = 0.004


class Command(BaseCommand):
    help = "Relay the outbox to the broker until stopped. Several may run; each row goes out once a try."
    beat_at = -BEAT_SECONDS

    def handle(self, *args: Any, **options: Any) -> None:
        for _ in notify.nudges(outbox.CHANNEL, timeout=1.0):
            try:
                self._beat()
                broker.stay_connected()
                while outbox.relay() > 0:
                    self._beat()
                    # In a stream, what comes within a few milliseconds goes out together.
                    time.sleep(TOGETHER_SECONDS)
            except (DatabaseError, InterfaceError) as error:
                log.warning("relay.database_away", error=str(error))
                connection.close()
                time.sleep(1)
            except broker.AWAY as error:
                # Nothing was marked, so everything is sent when the broker answers again.
                log.warning("relay.broker_away", error=f"{type(error).__name__}: {error}")
                time.sleep(1)
            except Exception:
                log.exception("relay.failed")
                time.sleep(1)

    def _beat(self) -> None:
        if time.monotonic() - self.beat_at > BEAT_SECONDS:
            health.beat("relay")
            self.beat_at = time.monotonic()
