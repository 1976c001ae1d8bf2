"""Who is credited when a payment is captured, and from when what they are owed may be transferred."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from marketplace.core.money import split
from payments import ledger
from payments.gateway import Fee
from payments.ledger import Line
from payments.models import Payment, Share

HOUSE = ledger.HOUSE


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a captured amount, in minor units: a person's, or with `payee` None the house's."""

    payee: UUID | None
    amount: int
    role: str = "seller"


class Hold(Enum):
    """How long what was earned waits for refunds and disputes before it is transferred."""

    USUAL = "usual"  # the house's holding period after capture
    UNTIL_RELEASED = "until released"  # escrow: nothing is transferred before `release_shares`


def settle_splits(payment: Payment, splits: Sequence[Split], hold: Hold) -> None:
    """Write on the payment who is credited; it is not saved. Parts of one payee in one role are one.

    `splits` are parts of the price as it was asked; tax that is in it comes out of everybody's, in proportion.
    Raises ValueError when the parts are not the price, or one is negative.
    """
    if sum(part.amount for part in splits) != payment.asked or any(part.amount < 0 for part in splits):
        raise ValueError(f"the parts {splits} are not {payment.asked}")
    parts: Counter[tuple[str, str]] = Counter()
    for part in splits:
        parts[HOUSE if part.payee is None else str(part.payee), part.role] += part.amount
    asked = [[who, role, amount] for (who, role), amount in parts.items() if amount]
    payment.splits = without_tax(asked, payment.net)
    usual = timedelta(days=settings.ATELIER.holding_days)
    payment.hold_seconds = None if hold is Hold.UNTIL_RELEASED else int(usual.total_seconds())


def without_tax(splits: list[list[Any]], net: int) -> list[list[Any]]:
    """Everybody's part, taken from what is left without the tax; the parts are that to the last cent."""
    amounts = [amount for *_, amount in splits]
    if sum(amounts) in {0, net}:
        return splits
    parts = split(net, amounts)
    return [[who, role, part] for (who, role, _), part in zip(splits, parts, strict=True) if part]


def credit(payment: Payment, received: int) -> None:
    """Post what was taken, and give every payee their share; in the transaction that marks it captured."""
    credited = ledger.credit_lines(payment.splits, payment.tax_amount, received)
    ledger.post_entry(
        kind="capture",
        reference=str(payment.pk),
        currency=payment.currency,
        payment=payment,
        lines=[Line(ledger.STRIPE_BALANCE, received), *credited],
    )
    if any(line.account == ledger.UNASSIGNED for line in credited):
        return  # nobody knows yet whose it is
    wait = payment.hold_seconds
    release_at = None if wait is None else timezone.now() + timedelta(seconds=wait)
    Share.objects.bulk_create(
        Share(payment=payment, payee_id=who, role=role, amount=amount, release_at=release_at)
        for who, role, amount in payment.splits
        if who != HOUSE
    )


def charge_fee(payment: Payment, fee: Fee | None) -> None:
    """Post what the provider kept of a captured payment, once it says so; the payment is not saved.

    What was settled in another currency is not posted: `reconcile` says it.
    """
    if payment.state != Payment.State.CAPTURED or payment.fee is not None or fee is None:
        return
    if fee.currency != payment.currency:
        return
    payment.fee = fee.amount
    if fee.amount:
        ledger.post_entry(
            kind="fee",
            reference=str(payment.pk),
            currency=fee.currency,
            payment=payment,
            lines=ledger.fee_lines(fee.amount),
        )
