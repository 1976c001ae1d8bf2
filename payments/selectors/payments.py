"""Reading payments and balances."""

from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from payments import ledger
from payments.models import Payment, Posting


def payment_of(payer: User, payment_id: UUID) -> Payment:
    """One payment of this person. Raises NotFound, also for other people's."""
    payment = Payment.objects.filter(payer=payer, pk=payment_id).first()
    if payment is None:
        raise NotFound(gettext("You have no such payment."))
    return payment


def earnings_of(payee: User) -> list[Money]:
    """What the house owes a person, one amount a currency; negative where they owe it."""
    rows = (
        Posting.objects.filter(account__code=ledger.payee(payee.pk))
        .values("account__currency")
        .annotate(total=Sum("amount"))
        .order_by("account__currency")
    )
    return [Money(-row["total"], row["account__currency"]) for row in rows]
