"""Issuing: the row with its number, in one short transaction; its file is drawn when somebody first asks for it.

Rows are locked in one order: the payment, then the row of the series, which the database's trigger takes.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from payments.errors import PaymentStateConflict
from payments.models import Dispute, Paper, Payment, Refund
from payments.services.applying import locked
from payments.services.invoicing.saying import said_of_return, said_of_sale

PREFIXES = {Paper.Kind.INVOICE: "INV", Paper.Kind.CREDIT_NOTE: "CN"}


@transaction.atomic
def issue_invoice(*, payment_id: UUID, title: str, detail: str = "", seller: str = "") -> Paper:
    """The invoice for something that was paid and is given; one a payment. What went back already is credited at once.

    `seller` is on whose behalf the house sells. To be called after the transaction that settles what was paid, since
    everybody who is numbered waits for whoever was numbered before. Raises PaymentStateConflict.
    """
    payment = locked(payment_id)
    known = _invoice_of(payment)
    if known is not None:
        return known
    if payment.state != Payment.State.CAPTURED:
        raise PaymentStateConflict(gettext("The payment is %(state)s.") % {"state": payment.state}, state=payment.state)
    said = said_of_sale(payment, title=title, detail=detail, seller=seller)
    invoice = _issue(Paper(kind=Paper.Kind.INVOICE, person=payment.payer, payment=payment, said=said))
    for refund in payment.refunds.filter(state__in=Refund.GIVEN).order_by("pk"):
        _credit(invoice, refund)
    for dispute in payment.disputes.filter(state=Dispute.State.LOST).order_by("pk"):
        _credit(invoice, dispute)
    return invoice


@transaction.atomic
def issue_credit_note(returned: Refund | Dispute) -> Paper | None:
    """The credit note for a refund that succeeded or a dispute that was lost; one each, none without an invoice."""
    payment = locked(returned.payment_id)
    invoice = _invoice_of(payment)
    return _credit(invoice, returned) if invoice is not None else None


def _invoice_of(payment: Payment) -> Paper | None:
    return Paper.objects.filter(payment=payment, kind=Paper.Kind.INVOICE).first()


def _credit(invoice: Paper, returned: Refund | Dispute) -> Paper | None:
    about = {returned._meta.model_name or "": returned}
    notes = Paper.objects.filter(corrects=invoice)
    known = notes.filter(**about).first()
    if known is not None:
        return known
    left = invoice.said["total"] + sum(said["total"] for said in notes.values_list("said", flat=True))
    if left <= 0:  # a bank took what had gone back already: the house's loss, and not the payer's gain
        return None
    said = said_of_return(invoice, returned, left)
    return _issue(
        Paper(
            kind=Paper.Kind.CREDIT_NOTE, person_id=invoice.person_id, payment_id=invoice.payment_id, corrects=invoice,
            said=said, **about,
        )
    )  # fmt: skip


def _issue(paper: Paper) -> Paper:
    paper.issued_at = timezone.now()
    paper.series = f"{PREFIXES[Paper.Kind(paper.kind)]}-{paper.issued_at:%Y}"
    paper.save(force_insert=True)
    paper.refresh_from_db(fields=["number"])
    return paper
