"""From a brief to a work that is owned, and paid for to the cent."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from generation.models import Artwork
from marketplace.accounts.models import Notification
from marketplace.commissions.errors import BudgetSpent, CommissionsClosed, NoMoreRevisions, QuoteClosed
from marketplace.commissions.models import Brief, Candidate, Instalment
from marketplace.commissions.services import briefs
from marketplace.commissions.tasks import keep_deadlines_of_briefs, remind_of_deadlines
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.machine import NotNow
from marketplace.core.models import OutboxEvent
from marketplace.core.outbox import deliver
from marketplace.orders.models import Ownership
from payments.models import Payment, Share
from tests.marketplace.commissions.briefs.asking import (
    PRICE,
    Desk,
    again,
    earned,
    ledger_adds_up,
    paid,
    passed,
    refunded,
)

State = Brief.State
AGO = timedelta(minutes=1)


def test_a_brief_becomes_a_work_that_is_paid_for_and_owned(desk: Desk) -> None:
    brief = desk.proof()
    assert brief.state == State.PROOF
    assert not Ownership.objects.exists()
    assert Share.objects.get().release_at is None  # escrow
    briefs.accept_proof(collector=desk.collector, brief_id=brief.pk)
    desk.settle()
    assert again(brief).state == State.AWAITING_BALANCE
    desk.pay(brief)
    brief = again(brief)
    assert brief.state == State.DELIVERED
    owned = Ownership.objects.get()
    assert (owned.owner, owned.source, owned.licence_id) == (desk.collector, f"brief:{brief.pk}", "personal")
    artwork = brief.artwork
    assert artwork is not None
    assert Artwork.objects.get(pk=artwork.pk).owner == desk.collector
    assert (paid(brief), refunded(brief)) == (PRICE, 0)
    assert earned(brief, desk.artist.user) == 7001  # 70 %, to the cent over two payments
    assert Share.objects.filter(release_at=None).count() == 0
    assert ledger_adds_up()


def test_all_of_it_may_be_paid_before(desk: Desk) -> None:
    brief = desk.proof(deposit_bps=10_000)
    briefs.accept_proof(collector=desk.collector, brief_id=brief.pk)
    brief = again(brief)
    assert (brief.state, paid(brief)) == (State.DELIVERED, PRICE)
    assert Ownership.objects.get().owner == desk.collector


def test_every_event_may_be_told_twice(desk: Desk) -> None:
    brief = desk.delivered()
    OutboxEvent.objects.exclude(topic="").update(done_at=None)
    for event in OutboxEvent.objects.exclude(topic=""):
        deliver([event.pk])
    desk.settle()
    brief = again(brief)
    assert (brief.state, refunded(brief), paid(brief)) == (State.DELIVERED, 0, PRICE)
    assert Ownership.objects.count() == 1


def test_the_two_sides_bargain(desk: Desk) -> None:
    brief = desk.sent()
    offer = briefs.Offer(price_amount=8_000, days=5, candidates=2)
    with pytest.raises(Conflict):
        briefs.make_quote(author=desk.collector, brief_id=brief.pk, offer=offer)
    first = desk.quoted(brief)
    counter = briefs.make_quote(author=desk.collector, brief_id=brief.pk, offer=offer)
    with pytest.raises(QuoteClosed):
        briefs.accept_quote(person=desk.collector, brief_id=brief.pk, quote_id=first.pk)
    with pytest.raises(NotFound):  # nobody accepts their own offer
        briefs.accept_quote(person=desk.collector, brief_id=brief.pk, quote_id=counter.pk)
    agreed = briefs.accept_quote(person=desk.artist.user, brief_id=brief.pk, quote_id=counter.pk)
    assert briefs.accept_quote(person=desk.artist.user, brief_id=brief.pk, quote_id=counter.pk).pk == agreed.pk
    assert (agreed.state, agreed.quote) == (State.AWAITING_DEPOSIT, counter)
    assert Instalment.objects.get().amount.amount == 4_000
    with pytest.raises(NotNow):
        desk.quoted(brief)


def test_a_revision_is_included_and_the_next_is_paid_for(desk: Desk) -> None:
    brief = desk.proof()
    first = briefs.ask_revision(collector=desk.collector, brief_id=brief.pk, text="More fog.")
    assert (again(brief).state, first.is_paid_extra) == (State.IN_PROGRESS, False)
    desk.shown(brief, seed=2)
    extra = briefs.ask_revision(collector=desk.collector, brief_id=brief.pk, text="Even more fog.")
    assert briefs.ask_revision(collector=desk.collector, brief_id=brief.pk, text="Fog!").pk == extra.pk
    assert (again(brief).state, extra.asked_at) == (State.PROOF, None)
    desk.pay(brief)
    assert again(brief).state == State.IN_PROGRESS
    desk.shown(brief, seed=3)
    briefs.accept_proof(collector=desk.collector, brief_id=brief.pk)
    desk.settle()
    desk.pay(brief)
    assert paid(brief) == PRICE + 1_000
    assert earned(brief, desk.artist.user) == 7001 + 700
    assert (again(brief).state, brief.candidates.count()) == (State.DELIVERED, 3)
    assert Ownership.objects.get().artwork.seed == 3


def test_a_quote_may_have_no_more_revisions(desk: Desk) -> None:
    brief = desk.proof(revisions=0, revision_amount=None)
    with pytest.raises(NoMoreRevisions):
        briefs.ask_revision(collector=desk.collector, brief_id=brief.pk, text="More fog.")


def test_the_machines_stop_when_the_budget_is_spent_and_a_finished_picture_is_still_taken(desk: Desk) -> None:
    from tests.marketplace.staging import send_photograph

    brief = desk.begun(candidates=1)
    desk.made(brief)
    with pytest.raises(BudgetSpent):
        desk.made(brief, seed=2)
    upload = send_photograph(desk.artist.user)
    candidate = briefs.bring_candidate(artist_user=desk.artist.user, brief_id=brief.pk, upload_id=upload.pk)
    desk.settle()
    proof = briefs.submit_proof(artist_user=desk.artist.user, brief_id=brief.pk, candidate_id=candidate.pk)
    assert proof.artwork is not None
    assert (proof.artwork.owner, proof.artwork.artist) == (None, None)
    assert Candidate.objects.count() == 2


def test_silence_is_acceptance_and_with_all_paid_delivery(desk: Desk) -> None:
    brief = desk.proof(deposit_bps=10_000)
    keep_deadlines_of_briefs()
    assert again(brief).state == State.PROOF
    passed(brief, accept_by=AGO)
    keep_deadlines_of_briefs()
    assert again(brief).state == State.DELIVERED


def test_a_deadline_that_is_missed_gives_all_back(desk: Desk) -> None:
    brief = desk.begun()
    desk.made(brief)
    passed(brief, due_at=AGO)
    keep_deadlines_of_briefs()
    desk.settle()
    brief = again(brief)
    assert (brief.state, refunded(brief)) == (State.MISSED, 5_000)
    assert earned(brief, desk.artist.user) == 0
    with pytest.raises(NotNow):
        desk.made(brief)


@pytest.mark.parametrize(
    ("who", "how_far", "back"),
    [("artist", "begun", 5000), ("artist", "proof", 5000), ("collector", "begun", 5000), ("collector", "proof", 2500)],
)
def test_what_goes_back_on_cancelling_is_written_down(desk: Desk, who: str, how_far: str, back: int) -> None:
    brief: Brief = getattr(desk, how_far)()
    person = desk.artist.user if who == "artist" else desk.collector
    briefs.cancel_brief(person=person, brief_id=brief.pk)
    briefs.cancel_brief(person=person, brief_id=brief.pk)
    desk.settle()
    assert (again(brief).state, refunded(brief)) == (State.CANCELLED, back)
    assert not Ownership.objects.exists()


def test_a_balance_that_is_never_paid_leaves_the_work_to_nobody(desk: Desk) -> None:
    brief = desk.proof()
    briefs.accept_proof(collector=desk.collector, brief_id=brief.pk)
    passed(brief, pay_by=AGO)
    keep_deadlines_of_briefs()
    desk.settle()
    assert (again(brief).state, refunded(brief)) == (State.ABANDONED, 1_250)
    assert not Ownership.objects.exists()
    assert Payment.objects.filter(state=Payment.State.RELEASED).count() == 1


def test_a_deposit_that_comes_too_late_goes_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    brief = desk.agreed()
    instalment = Instalment.objects.get()
    from payments import services as payments
    from tests.payments.provider import VISA

    payments.authorise(payment_id=instalment.payment_id, payment_method=VISA)  # taken; not heard of yet
    passed(brief, pay_by=AGO)
    keep_deadlines_of_briefs()
    desk.settle()
    brief = again(brief)
    assert (brief.state, paid(brief), refunded(brief)) == (State.EXPIRED, 5_000, 5_000)


def test_who_comes_to_a_full_queue_waits_and_moves_up(desk: Desk) -> None:
    first, _, third = desk.sent(), desk.sent(), desk.sent()
    assert (first.state, third.state) == (State.REQUESTED, State.WAITLISTED)
    briefs.decline_brief(artist_user=desk.artist.user, brief_id=first.pk)
    desk.settle()
    assert again(third).state == State.REQUESTED


def test_what_cannot_be_sent_is_named(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.sent(title=" ", licence="print", budget_least=100, budget_most=500, width=0)
    assert set(refused.value.data["errors"]) == {"title", "licence", "budget_most", "width"}
    briefs.set_terms(
        artist_user=desk.artist.user, is_open=False, queue_limit=1, min_price_amount=2_000, licences=["personal"]
    )
    with pytest.raises(CommissionsClosed):
        desk.sent()


def test_strangers_see_and_do_nothing(desk: Desk, make_user: object) -> None:
    brief = desk.proof()
    stranger = make_user()  # type: ignore[operator]
    for act in (briefs.accept_proof,):
        with pytest.raises(NotFound):
            act(collector=stranger, brief_id=brief.pk)
    with pytest.raises(NotFound):
        briefs.accept_proof(collector=desk.artist.user, brief_id=brief.pk)
    assert brief.proof_id is not None
    with pytest.raises(NotFound):
        briefs.submit_proof(artist_user=desk.collector, brief_id=brief.pk, candidate_id=brief.proof_id)


def test_whoever_has_something_to_do_is_reminded_once(desk: Desk) -> None:
    brief = desk.begun()
    passed(brief, due_at=-timedelta(days=1))
    told = Notification.objects.filter(person=desk.artist.user, kind="commission.due", key__contains="T")
    remind_of_deadlines()
    remind_of_deadlines()
    assert told.count() == 1


def test_the_database_itself_refuses_what_the_machine_does_not_know(desk: Desk) -> None:
    brief = desk.begun()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE commissions_brief SET state = 'delivered' WHERE id = %s", [brief.pk])
