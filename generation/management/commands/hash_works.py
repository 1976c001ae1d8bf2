"""`manage.py hash_works`: gives works from before the moderation gate their perceptual hash."""

from typing import Any

from django.core.management.base import BaseCommand

from generation import services


class Command(BaseCommand):
    help = "Hash works that have none yet, so that copies of them are recognised. May be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.hash_works()} works hashed.")
