"""Whether our payments, the provider and the ledger say the same. Each difference is one sentence."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Min, QuerySet, Sum
from django.db.models.functions import Coalesce

from marketplace.core.money import Money
from payments import gateway, ledger
from payments.errors import IntentUnknown
from payments.models import Payment, Posting
from payments.selectors.expecting import expected_of

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


def differences_of(payment: Payment) -> Iterator[str]:
    """Where a payment, its intent at the provider and its postings differ. Raises GatewayUnavailable."""
    posted, expected = _posted(payment), expected_of(payment)
    holds, should = posted.pop(ledger.STRIPE_BALANCE, 0), expected.pop(ledger.STRIPE_BALANCE, 0)
    if holds != should:
        yield f"the ledger holds {holds}, it should hold {should}"
    if posted != expected:
        yield f"the ledger says {dict(posted)}, it should say {dict(expected)}"
    if payment.intent_id is not None:
        yield from _differences_at_provider(payment, payment.intent_id)


def differences_in_ledger() -> Iterator[str]:
    """What is wrong with the ledger as a whole: it does not add up, or money waits for a person to assign it."""
    for total in _totals(Posting.objects.all()):
        yield f"all postings in {total.currency} add up to {total}, they should add up to nothing"
    for waiting in _totals(Posting.objects.filter(account__code=ledger.UNASSIGNED)):
        yield f"{Money(-waiting.amount, waiting.currency)} waits in {ledger.UNASSIGNED}"


def unknown_intents() -> Iterator[str]:
    """Intents at the provider that say they are for a payment of ours, which knows nothing of them.

    Raises GatewayUnavailable.
    """
    since = Payment.objects.aggregate(first=Min("created_at"))["first"]
    for seen in gateway.intents_since(since) if since else ():
        if seen.payment_id and not Payment.objects.filter(intent_id=seen.id).exists():
            yield f"{seen.id} ({seen.status}) says it is for payment {seen.payment_id}, which does not know it"


def _differences_at_provider(payment: Payment, intent_id: str) -> Iterator[str]:
    try:
        seen = gateway.retrieve_intent(intent_id)
    except IntentUnknown:
        yield f"we say {payment.state}, the provider does not know {intent_id}"
        return
    if payment.state not in EXPECTED[seen.status]:
        yield f"we say {payment.state}, the provider says {seen.status}"
    if (seen.amount, seen.currency) != (payment.amount, payment.currency):
        yield f"we say {payment.price}, the provider says {Money(seen.amount, seen.currency)}"
    captured = Posting.objects.filter(
        entry__payment=payment, entry__kind="capture", account__code=ledger.STRIPE_BALANCE
    )
    received = captured.aggregate(total=Coalesce(Sum("amount"), 0))["total"]
    if seen.amount_received != received:
        yield f"the provider took {seen.amount_received}, the ledger says {received}"


def _posted(payment: Payment) -> Counter[str]:
    """What was posted for a payment, by account."""
    lines = Posting.objects.filter(entry__payment=payment).values_list("account__code")
    return Counter(dict(lines.annotate(total=Sum("amount")).exclude(total=0).order_by()))


def _totals(postings: QuerySet[Posting]) -> list[Money]:
    """The totals that are not nothing, one a currency."""
    rows = postings.values_list("account__currency").annotate(total=Sum("amount")).exclude(total=0)
    return [Money(total, currency) for currency, total in rows.order_by("account__currency")]
