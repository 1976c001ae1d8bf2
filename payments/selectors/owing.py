"""What payees are owed, and which of it may be sent now."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.utils import timezone

from payments.models import Dispute, Payment, Share, Transfer

RETRY_AFTER = timedelta(hours=6)
"""How long a share waits after its transfer was refused, unless the payee's account changes sooner."""
OWED = F("amount") - F("refunded") - F("transferred")


def unsettled() -> QuerySet[Share]:
    """Shares that are owed to their payees, or that these owe."""
    return Share.objects.exclude(amount=F("refunded") + F("transferred"))


def transferable() -> QuerySet[Share]:
    """Shares that are due: captured, past their waiting time, undisputed, for an account that takes transfers."""
    return unsettled().filter(_is_due(), amount__gt=F("refunded") + F("transferred"))


def payees_due() -> list[tuple[UUID, str]]:
    """The payees to whom something can be sent now, each with the currency: debts are taken into account."""
    owing = Q(amount__lt=F("refunded") + F("transferred"))
    rows = (
        unsettled()
        .filter(payee__payout_account__transfers_active=True)
        .values_list("payee", "payment__currency")
        .annotate(available=Sum(Case(When(owing | _is_due(), then=OWED), default=0)))
        .filter(available__gt=0)
        .order_by("payee")
    )
    return [(payee_id, currency) for payee_id, currency, _ in rows]


def currencies_of(payee_id: UUID) -> list[str]:
    """In which currencies something is still owed to a payee, or by them."""
    return sorted(set(unsettled().filter(payee=payee_id).values_list("payment__currency", flat=True)))


def _is_due() -> Q:
    now = timezone.now()
    disputed = Dispute.objects.filter(payment=OuterRef("payment"), closed_at=None)
    # Whoever has told the provider more since a refusal is tried again at once.
    refused = Transfer.objects.filter(
        share=OuterRef("pk"),
        state=Transfer.State.REFUSED,
        updated_at__gt=now - RETRY_AFTER,
        updated_at__gte=F("share__payee__payout_account__updated_at"),
    )
    return (
        Q(release_at__lte=now, payment__state=Payment.State.CAPTURED, payee__payout_account__transfers_active=True)
        & ~Q(payment__charge_id="")
        & ~Q(Exists(disputed))
        & ~Q(Exists(refused))
    )
