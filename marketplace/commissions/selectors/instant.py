"""Reading commissions."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.commissions.models import ClaimedSeed, Commission, Reroll
from marketplace.core.errors import NotFound

_SHOWN = (
    "listing__artwork", "listing__artist", "listing__trained_model", "trained_model", "photograph", "payment",
    "job__artwork", "artwork",
)  # fmt: skip


_REROLLS = Prefetch(
    "rerolls",
    Reroll.objects.select_related("payment", "job__artwork").prefetch_related("job__artwork__files"),
)


def commissions_of(collector: User) -> QuerySet[Commission]:
    """A collector's commissions with what is shown of them, newest first."""
    return (
        Commission.objects.filter(collector=collector)
        .select_related(*_SHOWN)
        .prefetch_related("listing__artwork__files", "artwork__files", "job__artwork__files", _REROLLS)
        .order_by("-pk")
    )


def commission_of(collector: User, commission_id: UUID) -> Commission:
    """One commission of this collector. Raises NotFound, also for other people's."""
    commission = commissions_of(collector).filter(pk=commission_id).first()
    if commission is None:
        raise NotFound(gettext("You have no such commission."))
    return commission


def taken_seeds(model_id: UUID) -> set[int]:
    """The seeds of a model that somebody has, or has ordered and can still pay."""
    claimed = ClaimedSeed.objects.filter(trained_model_id=model_id)
    claimed = claimed.exclude(commission__in=Commission.objects.overdue().values("pk"))
    return set(claimed.values_list("seed", flat=True))


def paid_for(payment_ids: Collection[str]) -> list[str]:
    """Those of many payments that pay a commission, or another picture of one."""
    works = Commission.objects.filter(payment_id__in=payment_ids).values_list("payment_id", flat=True)
    rerolls = Reroll.objects.filter(payment_id__in=payment_ids).values_list("payment_id", flat=True)
    return [str(payment_id) for payment_id in (*works, *rerolls)]


def painted_by(job_ids: Collection[str]) -> list[str]:
    """Those of many jobs that paint a commission."""
    return [str(job_id) for job_id in Commission.objects.filter(job_id__in=job_ids).values_list("job_id", flat=True)]


def rerolled_by(job_ids: Collection[str]) -> list[str]:
    """Those of many jobs that paint a re-roll."""
    return [str(job_id) for job_id in Reroll.objects.filter(job_id__in=job_ids).values_list("job_id", flat=True)]


def reroll_of(collector: User, commission_id: UUID, number: int) -> Reroll:
    """One re-roll of a commission of this collector. Raises NotFound."""
    mine = Reroll.objects.filter(commission=commission_id, commission__collector=collector, number=number)
    found = mine.select_related("payment", "job", "commission").first()
    if found is None:
        raise NotFound(gettext("You have no such re-roll."))
    return found
