"""`manage.py sweep`: does what is due again and again: takes back leases, re-sends, lapses, forgets."""

import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from marketplace.core import health, periodic

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Run periodic chores until stopped (--once: all of them, once). Several may run; one works at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            for name in periodic.run_due(everything=True):
                self.stdout.write(name)
            return
        while True:
            try:
                periodic.run_due()
                health.beat("sweeper")
            except DatabaseError as error:
                log.warning("sweeper.database", error=str(error))
                connection.close()
            time.sleep(1)
