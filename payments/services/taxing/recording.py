"""A sale on the tax record once it is paid; and what went back, to the cent as the ledger has it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from payments.errors import GatewayRefused, KeyRefused
from payments.models import Dispute, Payment, Refund, SaleTax, TaxReversal
from payments.selectors.parts import TAX, read
from payments.services.applying import locked
from payments.services.taxing.choosing import named

State = TaxReversal.State


def perform_tax_record(*, tax_id: UUID) -> None:
    """Record a captured sale; done already is left. What is refused is kept, and `reconcile` says it.

    Raises GatewayUnavailable and KeyRefused, so that it is tried again.
    """
    tax = SaleTax.objects.select_related("payment").get(pk=tax_id)
    if tax.transaction_id is not None or tax.payment.state != Payment.State.CAPTURED:
        return
    try:
        made = named(tax.provider).record(tax)
    except KeyRefused:
        raise
    except GatewayRefused as refused:
        SaleTax.objects.filter(pk=tax.pk, transaction_id=None).update(failure=refused.detail[:200])
        return
    SaleTax.objects.filter(pk=tax.pk).update(transaction_id=made.reference, line_id=made.line, failure="")


def reverse_tax_of(returned: Refund | Dispute) -> None:
    """Put on record what a refund that succeeded, or a dispute that was lost, took back; asking twice is asking once.

    Raises GatewayUnavailable and KeyRefused, so that it is tried again.
    """
    reversal_id = _request(returned)
    if reversal_id is not None:
        perform_tax_reversal(reversal_id=reversal_id)


def perform_tax_reversal(*, reversal_id: UUID) -> None:
    """Record what went back; the sale first, if it is not there yet.

    Raises GatewayUnavailable and KeyRefused, so that it is tried again.
    """
    reversal = TaxReversal.objects.select_related("tax__payment").get(pk=reversal_id)
    if reversal.state != State.REQUESTED:
        return
    perform_tax_record(tax_id=reversal.tax_id)
    reversal.tax.refresh_from_db(fields=["transaction_id", "line_id"])
    if reversal.tax.transaction_id is None:
        _refuse(reversal, "The sale itself is not on record.")
        return
    try:
        made = named(reversal.tax.provider).reverse(reversal)
    except KeyRefused:
        raise
    except GatewayRefused as refused:
        _refuse(reversal, refused.detail)
        return
    TaxReversal.objects.filter(pk=reversal.pk).update(state=State.MADE, stripe_id=made, failure="")


def _refuse(reversal: TaxReversal, why: str) -> None:
    TaxReversal.objects.filter(pk=reversal.pk, state=State.REQUESTED).update(state=State.REFUSED, failure=why[:200])


@transaction.atomic
def _request(returned: Refund | Dispute) -> UUID | None:
    payment = locked(returned.payment_id)
    tax = SaleTax.objects.filter(payment=payment).first()
    if tax is None:
        return None
    back = tax.reversals.aggregate(total=Sum("amount"))["total"] or 0
    amount = min(returned.amount, payment.amount - back)  # a bank may take more than was left: the house's loss
    reference = f"{returned._meta.model_name}:{returned.pk}"
    known = TaxReversal.objects.filter(reference=reference).first()
    if known is None and amount > 0:
        part = min(read(returned.parts).get(TAX, 0), amount)
        known = TaxReversal.objects.create(tax=tax, reference=reference, amount=amount, tax_amount=part)
    return known.pk if known else None
