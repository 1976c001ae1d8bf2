"""`manage.py reconcile`: compares every payment with the provider's intent and with the ledger."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum

from payments import gateway, ledger, services
from payments.models import Payment, Posting

State = Payment.State
EXPECTED = {
    "requires_payment_method": {State.REQUIRES_PAYMENT, State.RELEASING},
    "requires_confirmation": {State.REQUIRES_PAYMENT, State.RELEASING},
    "requires_action": {State.REQUIRES_PAYMENT, State.RELEASING},
    "processing": {State.REQUIRES_PAYMENT, State.RELEASING},
    "requires_capture": {State.AUTHORISED, State.CAPTURING, State.RELEASING},
    "succeeded": {State.CAPTURED},
    "canceled": {State.RELEASED, State.LAPSED},
}


class Command(BaseCommand):
    help = "Print where payments, the provider and the ledger differ; exit status 1 if they do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="bring differing payments up to date first")

    def handle(self, *args: Any, **options: Any) -> None:
        count, differing = 0, 0
        for payment in Payment.objects.order_by("pk").iterator():
            count += 1
            found = list(_differences(payment))
            if found and options["fix"]:
                found = list(_differences(services.refresh(payment_id=payment.pk)))
            for difference in found:
                self.stdout.write(f"{payment.pk} {payment.reference}: {difference}")
            differing += bool(found)
        self.stdout.write(f"{count} payments, {differing} differ")
        if differing:
            raise CommandError("the books differ", returncode=1)


def _differences(payment: Payment) -> Iterator[str]:
    posted = _posted(payment)
    should = payment.amount if payment.state == State.CAPTURED else 0
    if posted != should:
        yield f"the ledger holds {posted}, it should hold {should}"
    if payment.intent_id is None:
        return
    seen = gateway.retrieve_intent(payment.intent_id)
    if payment.state not in EXPECTED[seen.status]:
        yield f"we say {payment.state}, the provider says {seen.status}"
    if (seen.amount, seen.currency) != (payment.amount, payment.currency):
        yield f"we say {payment.price}, the provider says {seen.amount} {seen.currency}"
    if seen.amount_received != posted:
        yield f"the provider took {seen.amount_received}, the ledger holds {posted}"


def _posted(payment: Payment) -> int:
    lines = Posting.objects.filter(entry__payment=payment, account__code=ledger.STRIPE_BALANCE)
    return int(lines.aggregate(total=Sum("amount"))["total"] or 0)
