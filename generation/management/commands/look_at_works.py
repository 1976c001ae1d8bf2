"""`manage.py look_at_works`: has works looked at that nobody has looked at yet, here and now."""

from typing import Any

from django.core.management.base import BaseCommand

from generation import selectors, services
from generation.worker.looking import look_ahead
from generation.worker.studios import close_all


class Command(BaseCommand):
    help = (
        "Look at works that were not looked at by the present network, compare those of trained models with what the "
        "models learnt from, and read what is said of all. Workers do the same by themselves; may be repeated."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        before = selectors.unseen_works().count()
        try:
            while look_ahead():
                left = selectors.unseen_works().count()
                self.stdout.write(f"{left} works are still to be looked at.")
        finally:
            close_all()
        read = 0
        while some := services.read_works():
            read += some
        after = selectors.unseen_works().count()
        self.stdout.write(f"{before - after} works looked at, {read} read; {after} could not be.")
