"""`manage.py ensure_buckets`: makes the two buckets where they do not stand yet."""

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.core import storage


class Command(BaseCommand):
    help = "Make the private and the public bucket if they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        storage.ensure_buckets()
