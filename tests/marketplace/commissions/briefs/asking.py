"""A brief as tests send, quote, pay and answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from marketplace.commissions.models import Brief, Candidate, Instalment, Quote
from marketplace.commissions.selectors import due_instalment
from marketplace.commissions.services import briefs
from payments.models import Posting, Refund
from tests.payments.provider import VISA

Settle = Callable[[], None]
PRICE = 10_001


@dataclass
class Desk:
    """Two sides, and what each does."""

    collector: User
    artist: Artist
    settle: Settle

    def sent(self, **more: Any) -> Brief:
        wishes: dict[str, Any] = {
            "title": "A harbour at dawn", "text": "Boats, fog, no people.", "licence": "personal",
            "budget_least": 5_000, "budget_most": 20_000,
        }  # fmt: skip
        wishes |= more
        return briefs.send_brief(collector=self.collector, artist_slug=self.artist.slug, wishes=briefs.Wishes(**wishes))

    def quoted(self, brief: Brief | None = None, **more: Any) -> Quote:
        offer: dict[str, Any] = {"price_amount": PRICE, "days": 10, "candidates": 3, "revision_amount": 1_000}
        brief = brief or self.sent()
        return briefs.make_quote(author=self.artist.user, brief_id=brief.pk, offer=briefs.Offer(**(offer | more)))

    def agreed(self, **more: Any) -> Brief:
        quote = self.quoted(**more)
        return briefs.accept_quote(person=self.collector, brief_id=quote.brief_id, quote_id=quote.pk)

    def pay(self, brief: Brief, method: str = VISA) -> Instalment:
        due = due_instalment(again(brief))
        assert due is not None
        briefs.pay_instalment(collector=self.collector, instalment_id=due.pk, payment_method=method)
        self.settle()
        return due

    def begun(self, **more: Any) -> Brief:
        brief = self.agreed(**more)
        self.pay(brief)
        return again(brief)

    def made(self, brief: Brief, seed: int = 1) -> Candidate:
        recipe = briefs.Recipe(engine="flow-field", parameters={"size": 256}, seed=seed)
        candidate = briefs.make_candidate(artist_user=self.artist.user, brief_id=brief.pk, recipe=recipe)
        assert candidate.job_id in run_next_batch(candidate.job.queue)
        self.settle()
        return candidate

    def shown(self, brief: Brief, seed: int = 1) -> Brief:
        candidate = self.made(brief, seed)
        return briefs.submit_proof(artist_user=self.artist.user, brief_id=brief.pk, candidate_id=candidate.pk)

    def proof(self, **more: Any) -> Brief:
        return self.shown(self.begun(**more))

    def delivered(self, **more: Any) -> Brief:
        brief = self.proof(**more)
        briefs.accept_proof(collector=self.collector, brief_id=brief.pk)
        self.settle()
        self.pay(brief)
        return again(brief)


def again(brief: Brief) -> Brief:
    return Brief.objects.select_related("collector", "artist__user", "quote", "proof__job__artwork").get(pk=brief.pk)


def passed(brief: Brief, **deadlines: timedelta) -> None:
    """The clock moves: each named deadline lies as long ago."""
    Brief.objects.filter(pk=brief.pk).update(**{name: timezone.now() - ago for name, ago in deadlines.items()})


def refunded(brief: Brief) -> int:
    """How much went back of everything paid, in minor units."""
    found = Refund.objects.filter(payment__instalment__brief=brief).exclude(state=Refund.State.FAILED)
    return int(found.aggregate(total=Sum("amount"))["total"] or 0)


def paid(brief: Brief) -> int:
    """How much was ever taken."""
    taken = Instalment.objects.filter(brief=brief, payment__state="captured")
    return int(taken.aggregate(total=Sum("payment__amount"))["total"] or 0)


def earned(brief: Brief, payee: User) -> int:
    """What is this payee's of it, after what went back."""
    shares = Instalment.objects.filter(brief=brief, payment__shares__payee=payee)
    sums = shares.aggregate(had=Sum("payment__shares__amount"), lost=Sum("payment__shares__refunded"))
    return int((sums["had"] or 0) - (sums["lost"] or 0))


def ledger_adds_up() -> bool:
    """Whether every posting has its opposite."""
    return (Posting.objects.aggregate(total=Sum("amount"))["total"] or 0) == 0
