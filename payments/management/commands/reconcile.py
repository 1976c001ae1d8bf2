"""`manage.py reconcile`: compares every payment with the provider's intent and with the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments import selectors, services
from payments.errors import GatewayRefused
from payments.models import Payment


class Command(BaseCommand):
    help = (
        "Print where payments, the provider and the ledger differ; exit status 1 if they do."
        " What moves while it is looked at may differ for a moment: run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="bring differing payments up to date first")

    def handle(self, *args: Any, **options: Any) -> None:
        count, differing = 0, 0
        for payment in Payment.objects.order_by("pk").iterator():
            count += 1
            found = list(selectors.differences_of(payment))
            if found and options["fix"]:
                found = self._fixed(payment, found)
            for difference in found:
                self.stdout.write(f"{payment.pk} {payment.reference}: {difference}")
            differing += bool(found)
        others = [*selectors.differences_in_ledger(), *selectors.unknown_intents()]
        for difference in others:
            self.stdout.write(difference)
        self.stdout.write(f"{count} payments, {differing} differ")
        if differing or others:
            raise CommandError("the books differ", returncode=1)

    def _fixed(self, payment: Payment, found: list[str]) -> list[str]:
        """What still differs after asking the provider; what it refuses to tell stays as it was found."""
        try:
            return list(selectors.differences_of(services.refresh(payment_id=payment.pk)))
        except GatewayRefused:
            return found
