"""`manage.py refresh_cards`: draws every card of the catalogue anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gallery import services


class Command(BaseCommand):
    help = "Draw the cards of all works that hang anew, such as when public files moved. May be repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recount", action="store_true", help="Count all facets from the cards besides.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.refresh_all_cards(is_news=False)} cards drawn.")
        if options["recount"]:
            services.recount_facets()
            self.stdout.write("Facets counted.")
