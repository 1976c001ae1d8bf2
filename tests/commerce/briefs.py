"""Commissions by brief: asked, bargained over, paid in parts, made with a lent style, answered, disputed, tipped."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from generation.models import Artwork, Job, JobState
from marketplace.commissions.models import Brief, Candidate, Instalment
from marketplace.commissions.services import briefs
from marketplace.listings import services as listings
from marketplace.listings.models import StyleTerms
from payments.models import Payment
from tests.commerce.buying import cards
from tests.commerce.world import World, artists, people, picks
from tests.marketplace.orders.market import make_work

State = Brief.State
LIVE = [State.REQUESTED, State.QUOTED, State.AWAITING_DEPOSIT, State.IN_PROGRESS, State.PROOF, State.AWAITING_BALANCE]


class Briefs(World):
    """What the two sides of a commission do, and staff."""

    @rule(who=artists, share=st.sampled_from([0, 500, 5_000]), fee=st.sampled_from([0, 333]))
    def an_artist_lends_a_style(self, who: int, share: int, fee: int) -> None:
        artist = self.artists[who]
        given = {"share_bps": share} if share else {"fee_amount": fee}
        self.do("styles lent", listings.lend_style, artist_user=artist.user, artwork_id=make_work(artist).pk, **given)

    @rule(who=people, artist=artists, price=st.integers(2_001, 60_000), deposit=st.sampled_from([1_000, 3_333, 10_000]))
    def somebody_asks_for_a_picture(self, who: int, artist: int, price: int, deposit: int) -> None:
        if self.artists[artist].user_id == self.people[who].pk:
            return
        wishes = briefs.Wishes(title="A", text="B", licence="personal", budget_least=100, budget_most=price)
        brief = self.do(
            "briefs", briefs.send_brief, collector=self.people[who], artist_slug=self.artists[artist].slug,
            wishes=wishes,
        )  # fmt: skip
        if brief is None or brief.state != State.REQUESTED:
            return
        others = StyleTerms.objects.exclude(artist=self.artists[artist]).order_by("created_at")
        offer = briefs.Offer(
            price_amount=price, days=3, candidates=9, deposit_bps=deposit, revisions=0, revision_amount=501,
            uses=list(others.values_list("pk", flat=True)[:1]),
        )  # fmt: skip
        quote = self.do("quotes", briefs.make_quote, author=self.artists[artist].user, brief_id=brief.pk, offer=offer)
        if quote is not None:
            self.do(
                "quotes accepted", briefs.accept_quote, person=brief.collector, brief_id=brief.pk, quote_id=quote.pk
            )

    @precondition(
        lambda self: Payment.objects.filter(
            state__in=["created", "requires_payment"], instalment__isnull=False
        ).exists()
    )
    @rule(which=picks, card=cards)
    def somebody_pays_an_instalment(self, which: int, card: str) -> None:
        payable = Payment.objects.filter(state__in=["created", "requires_payment"], instalment__isnull=False)
        payment = self.one_of(payable, which)
        if payment is not None:
            self.do(
                "instalments tried", briefs.pay_instalment, collector=payment.payer,
                instalment_id=Instalment.objects.get(payment=payment).pk, payment_method=card,
            )  # fmt: skip

    @precondition(lambda self: Brief.objects.filter(state=State.IN_PROGRESS).exists())
    @rule(which=picks)
    def an_artist_shows_a_proof(self, which: int) -> None:
        brief = self.one_of(Brief.objects.filter(state=State.IN_PROGRESS), which)
        if brief is None:
            return
        artist, recipe = brief.artist.user, briefs.Recipe(engine="flow-field", parameters={"size": 64})
        made = self.do("candidates", briefs.make_candidate, artist_user=artist, brief_id=brief.pk, recipe=recipe)
        if made is not None:
            _paint(made.job)
        shown = Candidate.objects.filter(brief=brief, job__artwork__isnull=False).order_by("pk").last()
        if shown is not None:
            self.do("proofs", briefs.submit_proof, artist_user=artist, brief_id=brief.pk, candidate_id=shown.pk)

    @precondition(lambda self: Brief.objects.filter(state=State.PROOF).exists())
    @rule(which=picks, more=st.sampled_from([False, False, True]))
    def a_collector_answers(self, which: int, more: bool) -> None:
        brief = self.one_of(Brief.objects.filter(state=State.PROOF), which)
        if brief is None:
            return
        if more:
            self.do("revisions", briefs.ask_revision, collector=brief.collector, brief_id=brief.pk, text="More.")
        else:
            self.do("proofs accepted", briefs.accept_proof, collector=brief.collector, brief_id=brief.pk)

    @precondition(lambda self: Brief.objects.filter(state__in=LIVE).exists())
    @rule(which=picks, by_collector=st.booleans(), how=st.sampled_from(["cancel", "dispute", "dispute"]))
    def a_commission_goes_wrong(self, which: int, by_collector: bool, how: str) -> None:
        brief = self.one_of(Brief.objects.filter(state__in=LIVE), which)
        if brief is None:
            return
        person = brief.collector if by_collector else brief.artist.user
        if how == "cancel":
            self.do("commissions cancelled", briefs.cancel_brief, person=person, brief_id=brief.pk)
        else:
            self.do("commissions disputed", briefs.open_dispute, person=person, brief_id=brief.pk, text="No.")

    @precondition(lambda self: Brief.objects.filter(state=State.DISPUTED).exists())
    @rule(which=picks, bps=st.integers(0, 10_000), is_delivered=st.booleans())
    def staff_decide(self, which: int, bps: int, is_delivered: bool) -> None:
        brief = self.one_of(Brief.objects.filter(state=State.DISPUTED), which)
        if brief is not None:
            self.do(
                "disputes decided", briefs.decide_dispute, staff=self.staff, brief_id=brief.pk, refund_bps=bps,
                is_delivered=is_delivered, text="So.",
            )  # fmt: skip

    @precondition(lambda self: Brief.objects.filter(state=State.DELIVERED).exists())
    @rule(which=picks, amount=st.integers(301, 5_000))
    def a_collector_tips(self, which: int, amount: int) -> None:
        brief = self.one_of(Brief.objects.filter(state=State.DELIVERED), which)
        if brief is not None:
            self.do("tips", briefs.give_tip, collector=brief.collector, brief_id=brief.pk, amount=amount)


def _paint(job: Job) -> None:
    """A picture, without a painter."""
    Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=job.created_at + timedelta(seconds=1))
    Artwork.objects.create(
        job=job, maker=job.owner, engine=job.engine, engine_version="1", medium="image", seed=job.seed, recipe={},
        width=64, height=64,
    )  # fmt: skip
