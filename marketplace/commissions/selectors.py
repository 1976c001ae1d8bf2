"""Reading commissions."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from marketplace.accounts.models import User
from marketplace.commissions.models import Commission
from marketplace.core.errors import NotFound


def commissions_of(collector: User) -> QuerySet[Commission]:
    """A collector's commissions with what is shown of them, newest first."""
    return (
        Commission.objects.filter(collector=collector)
        .select_related("listing__artwork", "listing__artist", "photograph", "payment", "job__artwork", "artwork")
        .prefetch_related("listing__artwork__files", "artwork__files")
        .order_by("-pk")
    )


def commission_of(collector: User, commission_id: UUID) -> Commission:
    """One commission of this collector. Raises NotFound, also for other people's."""
    commission = commissions_of(collector).filter(pk=commission_id).first()
    if commission is None:
        raise NotFound("You have no such commission.")
    return commission


def painted_by(job_ids: Collection[str]) -> list[str]:
    """Those of many jobs that paint a commission."""
    return [str(job_id) for job_id in Commission.objects.filter(job_id__in=job_ids).values_list("job_id", flat=True)]
