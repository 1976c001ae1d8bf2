"""Which payments are taxed, and whether the tax record says what our books say. Each difference is one sentence."""

from collections.abc import Collection, Iterator

from django.db.models import Sum

from marketplace.accounts.models import User
from marketplace.core.money import Money
from payments import gateway, ledger
from payments.errors import GatewayRefused
from payments.models import BillingDetails, Payment, Posting, Refund, SaleTax, TaxReversal

State = TaxReversal.State


def taxed_among(payment_ids: Collection[str]) -> list[str]:
    """Those of many payments that are taxed."""
    return [str(pk) for pk in SaleTax.objects.filter(payment_id__in=payment_ids).values_list("payment_id", flat=True)]


def differences_in_taxes() -> Iterator[str]:
    """Where what was paid, what went back and the provider's tax record differ. Raises GatewayUnavailable."""
    taxes = SaleTax.objects.filter(payment__state=Payment.State.CAPTURED).select_related("payment").order_by("pk")
    for tax in taxes.prefetch_related("reversals").iterator(chunk_size=500):
        for difference in (*_in_sale(tax), *_in_reversals(tax)):
            yield f"{tax.payment.reference}: {difference}"


def _in_sale(tax: SaleTax) -> Iterator[str]:
    ours = tax.payment.tax
    if tax.transaction_id is None:
        yield f"{ours} of tax are not on the tax record{f' ({tax.failure})' if tax.failure else ''}"
        return
    yield from _on_record(ours.amount, tax.transaction_id, tax.payment.currency)


def _in_reversals(tax: SaleTax) -> Iterator[str]:
    currency, back = tax.payment.currency, 0
    for reversal in tax.reversals.all():
        back += reversal.tax_amount
        amount = Money(reversal.tax_amount, currency)
        if reversal.stripe_id is None:
            yield f"{amount} of tax went back with {reversal.reference}, not on record ({reversal.state})"
        else:
            yield from _on_record(-reversal.tax_amount, reversal.stripe_id, currency)
            if _failed_after_all(reversal):
                yield f"{amount} of tax are off the record for {reversal.reference}, which failed after all"
    posted = -_posted(tax.payment)
    if posted != tax.payment.tax_amount - back and not _moving(tax.payment):
        kept = Money(tax.payment.tax_amount - back, currency)
        yield f"the ledger keeps {Money(posted, currency)} of tax, the tax record {kept}"


def _on_record(ours: int, transaction_id: str, currency: str) -> Iterator[str]:
    try:
        theirs = gateway.retrieve_tax(transaction_id).tax_amount
    except GatewayRefused:
        yield f"the provider does not know the tax record {transaction_id}"
        return
    if theirs != ours:
        yield f"we say {Money(ours, currency)} of tax, the record {transaction_id} says {Money(theirs, currency)}"


def _posted(payment: Payment) -> int:
    lines = Posting.objects.filter(entry__payment=payment, account__code=ledger.TAX)
    return int(lines.aggregate(total=Sum("amount"))["total"] or 0)


def _failed_after_all(reversal: TaxReversal) -> bool:
    kind, _, subject = reversal.reference.partition(":")
    return kind == "refund" and Refund.objects.filter(pk=subject, state=Refund.State.FAILED).exists()


def _moving(payment: Payment) -> bool:
    """Whether a refund is on its way: posted by the provider's word, and not told yet."""
    return payment.refunds.filter(state=Refund.State.PENDING).exists()


def billing_of(user: User) -> BillingDetails:
    """As somebody told us, or empty."""
    return BillingDetails.objects.filter(user=user).first() or BillingDetails(user=user)
