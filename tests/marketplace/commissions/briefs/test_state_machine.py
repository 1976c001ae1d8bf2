"""Whatever the two sides, staff, the clock and repeated news do to a brief: the money adds up, and nobody has both."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count

from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from generation.models import Artwork, Job, JobState
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.commissions.models import Brief, Candidate, Instalment, InstalmentKind
from marketplace.commissions.services import briefs
from marketplace.commissions.tasks import keep_deadlines_of_briefs
from marketplace.core.errors import AtelierError
from marketplace.listings import services as listings
from marketplace.orders.models import Ownership
from payments.gateway import IntentSnapshot
from payments.models import Payment, Refund, Share
from payments.services.applying import apply_snapshot
from tests.marketplace.commissions.briefs.asking import ledger_adds_up

State = Brief.State
_numbers = count(1)
STEPS = [
    "accept_proof", "ask_revision", "cancel", "decide", "dispute", "late", "made", "pay", "quote", "agree", "shown",
    "withdraw", "decline",
]  # fmt: skip


class LifeOfABrief(RuleBasedStateMachine):
    """One brief at a time; the provider's news are applied as they would come in."""

    make_user: Callable[..., User]

    @initialize(deposit=st.sampled_from([1, 3_333, 10_000]), price=st.integers(20_001, 90_000))
    def begin(self, deposit: int, price: int) -> None:
        self.collector, self.staff = self.make_user(), self.make_user(is_staff=True)
        self.artist = accounts.become_artist(user=self.make_user(), name=f"Artist {next(_numbers)}", bio="")
        briefs.set_terms(
            artist_user=self.artist.user, is_open=True, queue_limit=3, min_price_amount=100, licences=["personal"]
        )
        wishes = briefs.Wishes(title="A", text="B", licence="personal", budget_least=100, budget_most=price)
        self.brief = briefs.send_brief(collector=self.collector, artist_slug=self.artist.slug, wishes=wishes)
        deposit = max(deposit, 10_000 * 100 // price + 1)
        self.offer = briefs.Offer(
            price_amount=price, days=2, candidates=9, deposit_bps=deposit, revisions=1, revision_amount=501
        )

    @rule(step=st.sampled_from(STEPS), bps=st.integers(0, 10_000), yes=st.booleans())
    def act(self, step: str, bps: int, yes: bool) -> None:
        with suppress(AtelierError):
            getattr(self, f"_{step}")(bps, yes)

    def _quote(self, bps: int, yes: bool) -> None:
        author = self.artist.user if yes else self.collector
        self.quote = briefs.make_quote(author=author, brief_id=self.brief.pk, offer=self.offer)

    def _agree(self, bps: int, yes: bool) -> None:
        quote = self.brief.quotes.filter(state="open").first()
        if quote:
            person = self.collector if quote.author_id == self.artist.user_id else self.artist.user
            briefs.accept_quote(person=person, brief_id=self.brief.pk, quote_id=quote.pk)

    def _pay(self, bps: int, yes: bool) -> None:
        """The provider takes what is to be paid, whatever has become of the brief meanwhile; it is told twice."""
        for one in Instalment.objects.filter(brief=self.brief).select_related("payment"):
            if one.payment.state in {Payment.State.CREATED, Payment.State.REQUIRES_PAYMENT, Payment.State.RELEASING}:
                apply_snapshot(one.payment_id, _taken(one.payment))
            for _ in range(2):
                briefs.take_note_of_payment(payment_id=one.payment_id)

    def _made(self, bps: int, yes: bool) -> None:
        recipe = briefs.Recipe(engine="flow-field", parameters={"size": 64 if yes else 256})
        candidate = briefs.make_candidate(artist_user=self.artist.user, brief_id=self.brief.pk, recipe=recipe)
        _painted(candidate.job)

    def _shown(self, bps: int, yes: bool) -> None:
        candidate = Candidate.objects.filter(brief=self.brief).last()
        if candidate:
            briefs.submit_proof(artist_user=self.artist.user, brief_id=self.brief.pk, candidate_id=candidate.pk)

    def _accept_proof(self, bps: int, yes: bool) -> None:
        briefs.accept_proof(collector=self.collector, brief_id=self.brief.pk)

    def _ask_revision(self, bps: int, yes: bool) -> None:
        briefs.ask_revision(collector=self.collector, brief_id=self.brief.pk, text="More.")

    def _withdraw(self, bps: int, yes: bool) -> None:
        briefs.withdraw_brief(collector=self.collector, brief_id=self.brief.pk)

    def _decline(self, bps: int, yes: bool) -> None:
        briefs.decline_brief(artist_user=self.artist.user, brief_id=self.brief.pk)

    def _cancel(self, bps: int, yes: bool) -> None:
        if bps > 7_000:
            briefs.cancel_brief(person=self.collector if yes else self.artist.user, brief_id=self.brief.pk)

    def _dispute(self, bps: int, yes: bool) -> None:
        briefs.open_dispute(person=self.collector if yes else self.artist.user, brief_id=self.brief.pk, text="No.")

    def _decide(self, bps: int, yes: bool) -> None:
        briefs.decide_dispute(staff=self.staff, brief_id=self.brief.pk, refund_bps=bps, is_delivered=yes, text="So.")

    def _late(self, bps: int, yes: bool) -> None:
        """The clock moves past the present deadline."""
        past = Brief.objects.get(pk=self.brief.pk)
        for name in ("answer_by", "pay_by", "due_at", "accept_by"):
            if getattr(past, name):
                setattr(past, name, past.created_at - timedelta(days=1))
        past.save()
        keep_deadlines_of_briefs()

    @invariant()
    def the_money_adds_up_and_nobody_has_both(self) -> None:
        brief = Brief.objects.get(pk=self.brief.pk)
        assert ledger_adds_up()
        paid = Instalment.objects.filter(brief=brief, payment__state="captured").exclude(kind=InstalmentKind.TIP)
        taken = sum(one.payment.amount for one in paid.select_related("payment"))
        back = Refund.objects.filter(payment__instalment__brief=brief).aggregate(sum=Sum("amount"))["sum"] or 0
        assert 0 <= back <= taken
        owned = Ownership.objects.filter(source=f"brief:{brief.pk}").exists()
        assert owned == (brief.state == State.DELIVERED)
        if owned:
            assert back < taken
        elif brief.is_over and taken:
            assert back > 0
        if brief.is_over:  # nothing is left in escrow
            assert not paid.filter(settled_at=None).exists()
        else:  # and nothing leaves it before
            assert not Share.objects.filter(payment__instalment__brief=brief, release_at__isnull=False).exists()


def _taken(payment: Payment) -> IntentSnapshot:
    return IntentSnapshot(
        id=f"pi_{payment.pk}", status="succeeded", client_secret="s", amount=payment.amount,
        amount_received=payment.amount, currency=payment.currency, charge_id=f"ch_{payment.pk}", capture_before=None,
        error_code="", error_message="", payment_id=str(payment.pk),
    )  # fmt: skip


def _painted(job: Job) -> None:
    """A picture, without a painter."""
    Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=job.created_at)
    Artwork.objects.create(
        job=job, maker=job.owner, engine=job.engine, engine_version="1", medium="image", seed=job.seed, recipe={},
        width=64, height=64,
    )  # fmt: skip


def test_the_life_of_a_brief(transactional_db: None, make_user: Callable[..., User]) -> None:
    listings.offer_licences()
    machine = type("Lives", (LifeOfABrief,), {"make_user": staticmethod(make_user)})
    steps = settings(max_examples=12, stateful_step_count=25, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=steps)
