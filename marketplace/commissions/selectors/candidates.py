"""The candidates of an instant commission: its first picture and every re-roll, and what accepting one costs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from generation.models import Artwork, FileRole, Job
from marketplace.commissions.models import Commission, Reroll
from marketplace.commissions.models.instant import OVER
from marketplace.commissions.models.rerolls import COUNTED, SEEN
from marketplace.core.money import Money, split
from payments.ledger import HOUSE


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture that was asked for; `reroll` is none for the first."""

    number: int
    commission: Commission
    job: Job | None
    reroll: Reroll | None = None

    @property
    def artwork(self) -> Artwork | None:
        """The picture as its collector sees it; none while it is painted or held back, or where it came to nothing."""
        made: Artwork | None = getattr(self.job, "artwork", None)
        is_seen = self.reroll is None or self.reroll.state in SEEN
        return made if made is not None and is_seen and not made.is_held else None

    @property
    def parameters(self) -> dict[str, Any]:
        asked: dict[str, Any] = self.reroll.parameters if self.reroll else self.commission.parameters
        return self.job.parameters if self.job else asked

    @property
    def seed(self) -> int | None:
        return self.job.seed if self.job else None

    @property
    def state(self) -> str:
        """As a re-roll has it; of the first picture as its commission says."""
        if self.reroll is not None:
            return self.reroll.state
        if self.is_chosen:
            return "chosen"
        if self.commission.state in {"awaiting_payment", "painting"}:
            return self.commission.state
        if self.artwork is None:
            return "dropped" if self.commission.is_over else "painting"
        return "shown" if self.commission.state == "proof" else "passed"

    @property
    def is_chosen(self) -> bool:
        is_settled = self.commission.state in {"accepted", "delivered"}
        return is_settled and self.artwork is not None and self.artwork.pk == self.commission.artwork_id


@dataclass(frozen=True, slots=True)
class RerollsLeft:
    """How many more pictures may be asked for: at no cost, and in all; `price` is of each beyond the included ones."""

    included: int
    most: int
    price: Money


def candidates_of(commission: Commission) -> list[Candidate]:
    """Every one, in the order in which they were asked for."""
    rerolls = [Candidate(one.number, commission, one.job, one) for one in rerolls_of(commission)]
    return [Candidate(1, commission, commission.job), *rerolls]


def shown_candidates(commission: Commission) -> list[Candidate]:
    """Those of which one may be accepted."""
    return [one for one in candidates_of(commission) if one.artwork is not None]


def open_reroll(commission: Commission) -> Reroll | None:
    """The one that is being paid or painted."""
    return next((one for one in rerolls_of(commission) if one.is_open), None)


def rerolls_left(commission: Commission) -> RerollsLeft:
    """What failed or was given up does not count."""
    used = sum(one.state in COUNTED for one in rerolls_of(commission))
    return RerollsLeft(
        max(0, commission.included_rerolls - used),
        max(0, commission.most_rerolls - used),
        commission.reroll_price,
    )


def total_of(commission: Commission) -> Money:
    """What accepting one of the candidates costs: the price, and what is held for each paid re-roll that was shown.

    Tax that comes on top of either is in it.
    """
    extra = sum(one.payment.amount for one in rerolls_of(commission) if one.payment and one.counts_at_acceptance)
    return Money(commission.payment.amount + extra, commission.currency)


def artist_part_of(commission: Commission) -> Money:
    """What of that total artists get: of the price, and of every re-roll that is paid for, in the same proportion."""
    extra = 0
    for one in rerolls_of(commission):
        if one.payment is not None and one.counts_at_acceptance:
            credited = [amount for who, _, amount in one.payment.splits if who != HOUSE]
            whole = [commission.artist_amount, commission.platform_amount]
            extra += sum(credited) if credited else split(one.payment.asked, whole)[0]
    return commission.artist_part + Money(extra, commission.currency)


def rerolls_of(commission: Commission) -> list[Reroll]:
    """In their order, with what is shown of them; from what was prefetched, where it was."""
    if "rerolls" in getattr(commission, "_prefetched_objects_cache", {}):
        return list(commission.rerolls.all())
    return list(commission.rerolls.select_related("payment", "job__artwork").all())


def untaken_proofs(ended: datetime) -> QuerySet[Artwork, UUID]:
    """The ids of candidates that nobody took, of commissions that were over by then, with files left to be removed."""
    over = Commission.objects.filter(state__in=OVER, updated_at__lt=ended)
    made = Q(job__commission__in=over) | Q(job__reroll__commission__in=over)
    taken = Commission.objects.filter(state=Commission.State.DELIVERED, artwork__isnull=False).values("artwork")
    left = Artwork.objects.filter(made, owner=None, files__is_marked=False).exclude(pk__in=taken)
    return left.filter(files__role=FileRole.ORIGINAL).order_by("pk").distinct().values_list("pk", flat=True)
