"""Reading commissions."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from marketplace.accounts.models import User
from marketplace.commissions.models import HOLDS_SEED, Commission
from marketplace.core.errors import NotFound

_SHOWN = (
    "listing__artwork", "listing__artist", "listing__trained_model", "trained_model", "photograph", "payment",
    "job__artwork", "artwork",
)  # fmt: skip


def commissions_of(collector: User) -> QuerySet[Commission]:
    """A collector's commissions with what is shown of them, newest first."""
    return (
        Commission.objects.filter(collector=collector)
        .select_related(*_SHOWN)
        .prefetch_related("listing__artwork__files", "artwork__files")
        .order_by("-pk")
    )


def commission_of(collector: User, commission_id: UUID) -> Commission:
    """One commission of this collector. Raises NotFound, also for other people's."""
    commission = commissions_of(collector).filter(pk=commission_id).first()
    if commission is None:
        raise NotFound("You have no such commission.")
    return commission


def taken_seeds(model_id: UUID) -> set[int]:
    """The seeds of a model that somebody has, or has ordered and can still pay."""
    taken = Commission.objects.filter(trained_model_id=model_id, photograph=None, state__in=HOLDS_SEED)
    taken = taken.exclude(pk__in=Commission.objects.overdue().values("pk"))
    return {seed for seed in taken.values_list("seed", flat=True) if seed is not None}


def painted_by(job_ids: Collection[str]) -> list[str]:
    """Those of many jobs that paint a commission."""
    return [str(job_id) for job_id in Commission.objects.filter(job_id__in=job_ids).values_list("job_id", flat=True)]
