"""Whose money a payment's is: a part of each share, the house's, and the tax."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Sum

from payments import ledger
from payments.ledger import Line
from payments.models import Dispute, Payment, Posting, Refund

TAX, UNASSIGNED = "tax", "unassigned"
HOUSE = None
Key = str | None
"""A share's id, HOUSE, TAX, or UNASSIGNED for what was taken without our asking."""
_ACCOUNTS = {HOUSE: ledger.PLATFORM_REVENUE, TAX: ledger.TAX, UNASSIGNED: ledger.UNASSIGNED}


def parts_left(payment: Payment) -> dict[Key, int]:
    """How much of each part was neither given back nor taken back yet; true for as long as the payment is locked."""
    credited = (
        Posting.objects.filter(entry__payment=payment, entry__kind="capture")
        .values_list("account__code")
        .annotate(total=-Sum("amount"))
        .order_by()
    )
    captured = dict(credited)
    gone = _gone(payment)
    left: dict[Key, int] = {str(share.pk): share.amount - share.refunded for share in payment.shares.order_by("pk")}
    for key, account in _ACCOUNTS.items():
        left[key] = captured.get(account, 0) - gone[key]
    return {key: amount for key, amount in left.items() if amount}


def debits(payment: Payment, parts: Mapping[Key, int]) -> list[Line]:
    """Whom parts are taken from, as lines of the ledger."""
    payees = {str(pk): payee for pk, payee in payment.shares.values_list("pk", "payee")}
    named = ((payees.get(str(key)), key, amount) for key, amount in parts.items())
    return [Line(_ACCOUNTS[key] if payee is None else ledger.payee(payee), amount) for payee, key, amount in named]


def written(parts: Mapping[Key, int]) -> list[list[str | int | None]]:
    """As a row keeps them."""
    return [[key, amount] for key, amount in parts.items()]


def read(parts: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """As a row kept them."""
    return dict(parts)


def _gone(payment: Payment) -> Counter[Key]:
    refunds = payment.refunds.exclude(state=Refund.State.FAILED)
    disputes = payment.disputes.filter(state__in=[Dispute.State.OPEN, Dispute.State.LOST])
    gone: Counter[Key] = Counter()
    for parts in [*refunds.values_list("parts", flat=True), *disputes.values_list("parts", flat=True)]:
        for key, amount in parts:
            gone[key] += amount
    return gone
