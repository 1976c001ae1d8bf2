"""`manage.py reconcile`: compares payments, what went back and out, the ledger and the provider."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments import selectors, services
from payments.errors import GatewayRefused
from payments.models import Payment
from payments.selectors import Difference

PUT_RIGHT = "asked the provider again, put right"


class Command(BaseCommand):
    help = (
        "Print where payments, refunds, disputes, payees, the ledger and the provider differ; exit status 1 if they do."
        " What moves while it is looked at may differ for a moment: run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fix", action="store_true", help="where they differ, ask the provider again, apply what it says, say so"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count, differing = 0, 0
        for payment in Payment.objects.order_by("pk").iterator():
            count += 1
            found = list(selectors.differences_of(payment))
            if found and options["fix"]:
                found = self._asked_again(payment, found)
            for difference in found:
                self.stdout.write(f"{payment.pk} {payment.reference}: {difference}")
            differing += bool(found)
        returned = self._returns(options["fix"])
        others = [*returned, *chain.from_iterable(look() for look in WHOLE)]
        for sentence in others:
            self.stdout.write(sentence)
        self.stdout.write(f"{count} payments, {differing} differ")
        if differing or others:
            raise CommandError("the books differ", returncode=1)

    def _asked_again(self, payment: Payment, found: list[str]) -> list[str]:
        """What still differs after asking the provider; what it refuses to tell stays as it was found."""
        try:
            again = list(selectors.differences_of(services.refresh(payment_id=payment.pk)))
        except GatewayRefused:
            return found
        for difference in found:
            if difference not in again:
                self.stdout.write(
                    f"{payment.pk} {payment.reference}: {difference}; asked the provider again, put right"
                )
        return again

    def _returns(self, fix: bool) -> list[str]:
        """What differs in refunds and disputes, less what could be put right."""
        return [*self._each(selectors.differences_in_refunds, fix), *self._each(selectors.differences_in_disputes, fix)]

    def _each(self, look: Callable[[], Iterable[Difference]], fix: bool) -> Iterator[str]:
        found = list(look())
        for difference in found if fix else ():
            if difference.payment is not None and difference.seen is not None:
                services.apply_return(payment_id=difference.payment.pk, seen=difference.seen)
        left = {difference.sentence for difference in look()} if fix else {one.sentence for one in found}
        for difference in found:
            if difference.sentence in left:
                yield difference.sentence
            else:
                self.stdout.write(f"{difference.sentence}; {PUT_RIGHT}")


WHOLE: tuple[Callable[[], Iterable[str]], ...] = (
    selectors.differences_in_ledger,
    selectors.unknown_intents,
    selectors.differences_in_balance,
    selectors.differences_of_payees,
    selectors.differences_in_taxes,
)
