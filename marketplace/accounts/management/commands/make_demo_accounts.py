"""`manage.py make_demo_accounts`: the collector, the artists and the curator of `make run`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.accounts import services
from marketplace.accounts.errors import DemoOnly


class Command(BaseCommand):
    help = "Make collector@, artist@, ink@ and curator@demo.test. Refused unless ATELIER_DEMO is on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", required=True, help="One password for all of them.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            users = services.make_demo_accounts(password=options["password"])
        except DemoOnly as refused:
            raise CommandError(refused.detail) from refused
        self.stdout.write("\n".join(user.email for user in users))
