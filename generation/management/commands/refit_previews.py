"""`manage.py refit_previews`: previews in today's widths and placeholders for all works that lack them."""

from typing import Any

from django.core.management.base import BaseCommand

from generation.worker.refitting import refit_works


class Command(BaseCommand):
    help = "Make the previews and placeholders that works from earlier lack; workers do it too, little by little."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while count := refit_works():
            total += count
        self.stdout.write(f"{total} works were looked at.")
