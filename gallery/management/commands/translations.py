"""`manage.py translations`: brings the catalogues in step with the texts of the house, and compiles them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from gallery.management import translating


class Command(BaseCommand):
    """Gathers all texts, writes gallery/locale/*.po and *.mo, and lists what has no translation."""

    help = "Bring the catalogues in step with the texts of the house, compile them, and list what is not translated."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="Print every text that has no translation yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        for language in translating.LANGUAGES:
            for domain in translating.DOMAINS:
                catalog = translating.update(language, domain)
                missing = translating.untranslated(catalog)
                self.stdout.write(f"{language} {domain}: {len(catalog)} texts, {len(missing)} without a translation")
                for text in missing if options["list"] else []:
                    self.stdout.write(f"  {text}")
