"""Reading commissions by brief: those of the two sides and of staff, their budget, and what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import Artist, User
from marketplace.commissions.models import (
    IN_QUEUE,
    REFUNDS,
    Brief,
    BriefDispute,
    BriefState,
    Candidate,
    CommissionTerms,
    Evidence,
    Instalment,
    InstalmentKind,
    Quote,
    QuoteState,
)
from marketplace.core.errors import NotFound
from payments.models import Payment

_SHOWN = ("collector", "artist__user", "licence", "quote", "proof__job__artwork")


def _briefs() -> QuerySet[Brief]:
    return Brief.objects.select_related(*_SHOWN).prefetch_related("proof__job__artwork__files").order_by("-pk")


def briefs_of(collector: User) -> QuerySet[Brief]:
    """What a collector asked for, newest first."""
    return _briefs().filter(collector=collector)


def briefs_for(artist_user: User) -> QuerySet[Brief]:
    """What an artist was asked for, newest first."""
    return _briefs().filter(artist__user=artist_user)


def disputed_briefs() -> QuerySet[Brief]:
    """What staff have to decide about, oldest first."""
    return _briefs().filter(state=BriefState.DISPUTED).order_by("dispute__created_at")


def brief_for(person: User, brief_id: UUID) -> Brief:
    """One brief for its collector, its artist, or staff. Raises NotFound."""
    theirs = Q() if person.is_staff else Q(collector=person) | Q(artist__user=person)
    candidates = Candidate.objects.select_related("job__artwork", "upload").prefetch_related("job__artwork__files")
    brief = (
        _briefs()
        .filter(theirs, pk=brief_id)
        .prefetch_related(
            "references", "messages__author", "messages__attachments", "revisions",
            Prefetch("quotes", Quote.objects.select_related("author", "brief").prefetch_related("uses")),
            Prefetch("instalments", Instalment.objects.select_related("payment")),
            Prefetch("candidates", candidates),
        )
        .first()
    )  # fmt: skip
    if brief is None:
        raise NotFound(gettext("You have no such commission."))
    return brief


def dispute_of(brief: Brief) -> BriefDispute | None:
    """The dispute about it with what was brought forward, if there ever was one."""
    found = BriefDispute.objects.select_related("opened_by", "decided_by").filter(brief=brief)
    return found.prefetch_related("evidence__author", "evidence__uploads").first()


def evidence_of(brief: Brief) -> list[Evidence]:
    """What was brought forward in its dispute, in its order; nothing where there never was one."""
    dispute = dispute_of(brief)
    return list(dispute.evidence.all()) if dispute else []


def open_quote(brief: Brief) -> Quote | None:
    """What is on the table."""
    return next((quote for quote in brief.quotes.all() if quote.state == QuoteState.OPEN), None)


def due_instalment(brief: Brief) -> Instalment | None:
    """What the collector is to pay at present, if anything: deposit, balance, or an extra revision."""
    kinds: dict[str, InstalmentKind] = {
        BriefState.AWAITING_DEPOSIT: InstalmentKind.DEPOSIT, BriefState.AWAITING_BALANCE: InstalmentKind.BALANCE,
        BriefState.PROOF: InstalmentKind.REVISION,
    }  # fmt: skip
    kind = kinds.get(brief.state)
    due = Instalment.objects.select_related("payment", "brief").filter(brief=brief, kind=kind)
    unpaid = [Payment.State.CREATED, Payment.State.REQUIRES_PAYMENT]
    return due.filter(payment__state__in=unpaid).order_by("-pk").first() if kind else None


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of the house's machines a commission may use, and has used."""

    made: int
    took: timedelta
    candidates: int | None
    minutes: int | None

    @property
    def has_room(self) -> bool:
        """Whether one more picture may be made."""
        if self.candidates is not None and self.made >= self.candidates:
            return False
        return self.minutes is None or self.took < timedelta(minutes=self.minutes)

    @property
    def minutes_used(self) -> int:
        return round(self.took.total_seconds() / 60)


def budget_of(brief: Brief) -> Budget:
    """The compute budget of what was agreed. The last picture may exceed the minutes; none is begun beyond them."""
    assert brief.quote is not None
    counted = [one for one in brief.candidates.select_related("job") if one.counts]
    took = sum((one.took for one in counted), timedelta(0))
    return Budget(len(counted), took, brief.quote.candidates, brief.quote.minutes)


def refund_on_cancelling(brief: Brief, side: str) -> int:
    """What part of everything paid would go back, of 10,000, if this side cancelled now."""
    return REFUNDS["cancel", side, _done(brief)]


def _done(brief: Brief) -> str:
    """How far the work has come, as REFUNDS tells it."""
    if brief.state == BriefState.AWAITING_BALANCE:
        return "accepted"
    if brief.candidates.filter(shown_at__isnull=False).exists():
        return "proof shown"
    return "pictures made" if brief.candidates.exists() else "nothing made"


def terms_of(artist: Artist) -> CommissionTerms | None:
    """On what terms an artist takes commissions, if they ever said."""
    return CommissionTerms.objects.prefetch_related("licences").filter(artist=artist).first()


def in_queue(artist: Artist) -> int:
    """How many briefs an artist deals with at present."""
    return Brief.objects.filter(artist=artist, state__in=IN_QUEUE).count()


def place_in_line(brief: Brief) -> int:
    """How many wait before a brief that waits in line, and itself: 1 is the next."""
    return Brief.objects.filter(artist=brief.artist_id, state=BriefState.WAITLISTED, pk__lte=brief.pk).count()


def made_for_briefs(job_ids: Collection[str]) -> list[str]:
    """Those of many jobs that make a candidate."""
    return [str(job_id) for job_id in Candidate.objects.filter(job_id__in=job_ids).values_list("job_id", flat=True)]


def paid_for_briefs(payment_ids: Collection[str]) -> list[str]:
    """Those of many payments that pay for a brief."""
    found = Instalment.objects.filter(payment_id__in=payment_ids).values_list("payment_id", flat=True)
    return [str(payment_id) for payment_id in found]
