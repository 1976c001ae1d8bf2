"""Whether our refunds and disputes, and the balance, are as the provider says. Each difference is one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Sum

from marketplace.core.money import Money
from payments import gateway, ledger
from payments.gateway import DisputeSnapshot, RefundSnapshot
from payments.models import Dispute, Entry, Payment, Posting, Refund, Reversal, Transfer

STATES = {
    "pending": {Refund.State.PENDING},
    "requires_action": {Refund.State.PENDING},
    "succeeded": {Refund.State.SUCCEEDED},
    "failed": {Refund.State.FAILED},
    "canceled": {Refund.State.FAILED},
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence, and the payment that it is about; what the provider showed, for who is to apply it."""

    sentence: str
    payment: Payment | None = None
    seen: RefundSnapshot | DisputeSnapshot | None = None


def beginning() -> datetime | None:
    """When the first payment was made: before that, nothing is ours."""
    first: datetime | None = Payment.objects.aggregate(first=Min("created_at"))["first"]
    return first


def differences_in_refunds() -> Iterator[Difference]:
    """Refunds that the provider shows otherwise, that we did not ask for, or that it does not know.

    Raises GatewayUnavailable.
    """
    since, met = beginning(), set()
    for seen in gateway.refunds_since(since) if since else ():
        met.add(seen.id)
        payment = Payment.objects.filter(intent_id=seen.intent_id, state=Payment.State.CAPTURED).first()
        if payment is None:
            continue  # an authorisation that was let go, or nothing of ours: see unknown intents
        refund = Refund.objects.filter(stripe_id=seen.id).first()
        price = Money(seen.amount, seen.currency)
        if refund is None:
            asked = Refund.objects.filter(pk=seen.refund_id).exists() if seen.refund_id else False
            why = "has not heard that it was made" if asked else "did not ask for it"
            yield Difference(f"{seen.id} gave {price} of {payment.reference} back, which {why}", payment, seen)
        elif refund.state not in STATES[seen.status] or refund.amount != seen.amount:
            ours = f"{Money(refund.amount, payment.currency)} {refund.state}"
            yield Difference(
                f"{payment.reference}: we say {seen.id} is {ours}, the provider says {price} {seen.status}",
                payment, seen,
            )  # fmt: skip
    for refund in Refund.objects.filter(stripe_id__isnull=False).exclude(stripe_id__in=met).select_related("payment"):
        yield Difference(f"{refund.payment.reference}: the provider does not know {refund.stripe_id}", refund.payment)


def differences_in_disputes() -> Iterator[Difference]:
    """Disputes that the provider shows otherwise, or of which we have not heard. Raises GatewayUnavailable."""
    since = beginning()
    for seen in gateway.disputes_since(since) if since else ():
        payment = Payment.objects.filter(intent_id=seen.intent_id).first() if seen.intent_id else None
        if payment is None:
            continue
        dispute = Dispute.objects.filter(stripe_id=seen.id).first()
        price = Money(seen.amount, seen.currency)
        if dispute is None:
            sentence = f"{payment.reference}: we have not heard of dispute {seen.id} about {price} ({seen.status})"
            yield Difference(sentence, payment, seen)
        elif (dispute.status, dispute.amount, dispute.fee) != (seen.status, seen.amount, seen.fee):
            sentence = f"{payment.reference}: we say dispute {seen.id} is {dispute.status}, the provider {seen.status}"
            yield Difference(sentence, payment, seen)


def differences_in_balance() -> Iterator[str]:
    """Where the provider's balance is not the ledger's, and which of its movements we know nothing of.

    Raises GatewayUnavailable.
    """
    held = gateway.balances()
    rows = Posting.objects.filter(account__code=ledger.STRIPE_BALANCE).values_list("account__currency")
    posted = dict(rows.annotate(total=Sum("amount")).order_by())
    differing = sorted(code for code in {*held, *posted} if held[code] != posted.get(code, 0))
    for code in differing:
        there, here = Money(held[code], code), Money(posted.get(code, 0), code)
        off = there - here
        by = f"{Money(abs(off.amount), code)} {'more' if off.amount > 0 else 'less'}"
        yield f"the provider's balance is {there}, the ledger says {here}: {by} than ours"
    since = beginning()
    for moved in gateway.movements_since(since) if differing and since else ():
        if moved.currency in differing and not _is_known(moved.source):
            yield f"{moved.id} ({moved.kind} of {moved.source or 'nothing'}) moved {Money(moved.net, moved.currency)}"


def _is_known(source: str) -> bool:
    is_charge = Payment.objects.filter(charge_id=source, state=Payment.State.CAPTURED).exists()
    rows = (Refund, Dispute, Transfer, Reversal)
    is_payout = Entry.objects.filter(kind="own_payout", reference=source).exists()
    known = is_charge or is_payout or any(kind.objects.filter(stripe_id=source).exists() for kind in rows)
    return bool(source) and known
