"""What the house sends from its balance at the provider to its own bank: posted as the provider tells it."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import Money
from payments import gateway, ledger
from payments.gateway import PayoutSnapshot
from payments.ledger import Line
from payments.models import Entry
from payments.services.paying_out import MISSED
from payments.services.telling import tell_staff

PAID_OUT, CAME_BACK = "own_payout", "own_payout_failed"
_LOST = {"failed", "canceled"}  # as the provider calls it; the money is on the balance again


def refresh_own_payout(*, payout_id: str) -> None:
    """Bring one of the house's own payouts, by its id at the provider, into the ledger, or out of it where it failed.

    Raises GatewayUnavailable, GatewayRefused.
    """
    _apply(gateway.retrieve_payout(payout_id, account=None))


def refresh_own_payouts() -> None:
    """The same of all recent ones: webhooks may have been lost. Raises GatewayUnavailable, GatewayRefused."""
    for seen in gateway.payouts_since(timezone.now() - MISSED, account=None):
        _apply(seen)


@transaction.atomic
def _apply(seen: PayoutSnapshot) -> None:
    """Post what has moved, each once; in any order and any number of times the same."""
    lines = [Line(ledger.BANK, seen.amount), Line(ledger.STRIPE_BALANCE, -seen.amount)]
    ledger.post_entry(kind=PAID_OUT, reference=seen.id, currency=seen.currency, lines=lines)
    if seen.status not in _LOST or Entry.objects.filter(kind=CAME_BACK, reference=seen.id).exists():
        return
    back = [Line(line.account, -line.amount) for line in lines]
    entry = ledger.post_entry(kind=CAME_BACK, reference=seen.id, currency=seen.currency, lines=back)
    tell_staff(
        kind="payout.failed",
        key=seen.id,
        title=format_lazy(
            _("A payout of {money} to the house's bank came back"), money=Money(seen.amount, seen.currency)
        ),
        body=format_lazy(
            _("{status} The money is on the provider's balance again."), status=seen.failure_message or seen.status
        ),
        link=f"/admin/payments/entry/{entry.pk}/change/",
    )
