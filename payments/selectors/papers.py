"""Reading invoices and credit notes: who paid reads their own, staff anybody's."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from payments.models import Paper, Payment


def papers_of(person: User) -> QuerySet[Paper]:
    """What was issued to somebody, newest first."""
    return Paper.objects.filter(person=person).select_related("corrects").order_by("-pk")


def papers_for(payment: Payment, reader: User) -> list[Paper]:
    """What was issued for one payment, oldest first; nothing for who may not read it."""
    if payment.payer_id != reader.pk and not reader.is_staff:
        return []
    return list(Paper.objects.filter(payment=payment).order_by("pk"))


def paper_by_id(reader: User, paper_id: UUID) -> Paper:
    """One of them. Raises NotFound, also for other people's."""
    papers = Paper.objects.all() if reader.is_staff else papers_of(reader)
    paper = papers.filter(pk=paper_id).first()
    if paper is None:
        raise NotFound(gettext("You have no such invoice."))
    return paper
