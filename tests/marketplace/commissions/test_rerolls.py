"""Another picture of a commission: all are kept, one is accepted, nobody pays for what they did not see."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from generation.models import Artwork, Job
from generation.services import cancel_job
from marketplace.accounts.models import Notification
from marketplace.commissions import selectors, services
from marketplace.commissions.errors import NoMoreRerolls, NotNow, SeedTaken, TooLate, TotalChanged
from marketplace.commissions.models import Commission, Reroll
from marketplace.commissions.tasks import accept_what_nobody_answered, drop_what_nobody_paid, strip_what_nobody_took
from marketplace.core.errors import InvalidInput
from payments import ledger
from payments.errors import PaymentDeclined
from payments.models import Payment, Share
from tests.marketplace.commissions.ordering import Order, paid
from tests.marketplace.staging import Stage
from tests.payments.provider import DECLINED, VISA, Provider

Settle = Callable[[], None]


def again(commission: Commission) -> Commission:
    return Commission.objects.select_related("payment", "job", "artwork").get(pk=commission.pk)


@pytest.fixture
def proof(stage: Stage, settle: Settle) -> Commission:
    """A proof of which one more picture is included, and two in all may be had."""
    stage.listing.included_rerolls, stage.listing.most_rerolls = 1, 2
    stage.listing.save()
    commission = stage.paid()
    settle()
    return again(commission)


def reroll(proof: Commission, strength: float = 0.5) -> Reroll:
    return services.ask_reroll(commission_id=proof.pk, collector=proof.collector, parameters={"strength": strength})


def paid_reroll(proof: Commission, settle: Settle) -> Reroll:
    """The second one: it costs a fifth of 25.01, rounded up."""
    reroll(proof)
    settle()
    asked = reroll(proof, 0.25)
    services.pay_reroll(reroll=asked, payment_method=VISA)
    return asked


def test_an_included_picture_stands_beside_the_first_and_either_may_be_accepted(
    proof: Commission, settle: Settle, provider: Provider
) -> None:
    asked = reroll(proof)
    assert (asked.state, asked.payment, again(proof).state) == ("painting", None, "proof")
    with pytest.raises(NotNow):  # one at a time
        reroll(proof, 0.1)
    settle()
    shown = selectors.shown_candidates(again(proof))
    assert [(one.number, one.parameters["strength"]) for one in shown] == [(1, 1.0), (2, 0.5)]
    assert all(one.artwork and one.artwork.owner is None for one in shown)
    assert Notification.objects.filter(kind="proof.ready", person=proof.collector).count() == 2
    with pytest.raises(InvalidInput):  # which one?
        services.accept(commission_id=proof.pk, collector=proof.collector)

    services.accept(commission_id=proof.pk, collector=proof.collector, candidate=1)
    settle()
    first, second = selectors.candidates_of(again(proof))
    assert (again(proof).state, first.is_chosen, second.reroll.state) == ("delivered", True, "passed")  # type: ignore[union-attr]
    assert first.artwork is not None
    assert first.artwork.owner == proof.collector
    assert second.artwork is not None
    assert second.artwork.owner is None
    assert second.artwork.files.filter(is_marked=True).exists()
    assert provider.intent(proof.payment)["amount_received"] == 2501
    with pytest.raises(NotNow):
        services.accept(commission_id=proof.pk, collector=proof.collector, candidate=2)
    strip_what_nobody_took()  # not yet
    assert second.artwork.files.filter(is_marked=False).exists()
    Commission.objects.filter(pk=proof.pk).update(updated_at=timezone.now() - timedelta(days=31))
    strip_what_nobody_took()
    assert second.artwork.files.exists()
    assert not second.artwork.files.filter(is_marked=False).exists()
    assert first.artwork.files.filter(role="original").exists()


def test_a_picture_beyond_the_included_is_paid_with_the_work_and_everybody_has_their_part(
    proof: Commission, settle: Settle, stage: Stage, provider: Provider
) -> None:
    asked = paid_reroll(proof, settle)
    settle()
    assert asked.payment is not None
    assert selectors.total_of(again(proof)).amount == 2501 + 501
    assert not Share.objects.exists()
    with pytest.raises(NoMoreRerolls):
        reroll(proof, 0.1)
    with pytest.raises(TotalChanged) as changed:
        services.accept(commission_id=proof.pk, collector=proof.collector, candidate=3)
    assert changed.value.data["amount"] == 3002

    services.accept(commission_id=proof.pk, collector=proof.collector, candidate=3, amount=3002)
    settle()
    proof = again(proof)
    assert (proof.state, proof.parameters["strength"]) == ("delivered", 0.25)
    assert Payment.objects.filter(state="captured").count() == 2
    assert sorted(Share.objects.values_list("amount", flat=True)) == [351, 1751]
    assert ledger.balance(ledger.payee(stage.artist.user_id), "eur") == -2102
    assert ledger.balance("platform:revenue", "eur") == -900
    assert ledger.balance("stripe:balance", "eur") + ledger.balance("fees:stripe", "eur") == 3002
    assert Notification.objects.get(kind="work.sold").body == "A collector took it for €30.02; your part is €21.02."


def test_a_card_that_is_declined_paints_nothing_and_the_proof_stands(proof: Commission, settle: Settle) -> None:
    reroll(proof)
    settle()
    asked = reroll(proof, 0.25)
    with pytest.raises(PaymentDeclined):
        services.pay_reroll(reroll=asked, payment_method=DECLINED)
    settle()
    asked.refresh_from_db()
    assert (asked.state, asked.job, again(proof).state) == ("awaiting_payment", None, "proof")
    services.drop_reroll(commission_id=proof.pk, collector=proof.collector, number=3)
    settle()
    assert Payment.objects.get(reroll=asked).state == "released"
    assert selectors.rerolls_left(again(proof)).most == 1  # it does not count


def test_what_nobody_pays_is_given_up_in_time(proof: Commission, settle: Settle) -> None:
    reroll(proof)
    settle()
    asked = reroll(proof, 0.25)
    Reroll.objects.filter(pk=asked.pk).update(created_at=timezone.now() - timedelta(hours=1))
    drop_what_nobody_paid()
    asked.refresh_from_db()
    assert asked.state == "dropped"


def test_one_that_fails_does_not_count_and_costs_nothing(proof: Commission, settle: Settle, provider: Provider) -> None:
    asked = paid_reroll(proof, settle)
    services.begin_reroll(payment_id=asked.payment_id)  # type: ignore[arg-type]
    asked.refresh_from_db()
    assert asked.state == "painting"
    cancel_job(job_id=asked.job_id)  # type: ignore[arg-type]
    settle()
    asked.refresh_from_db()
    assert (asked.state, again(proof).state) == ("failed", "proof")
    assert provider.intent(Payment.objects.get(reroll=asked))["status"] == "canceled"
    assert selectors.rerolls_left(again(proof)).most == 1
    assert selectors.total_of(again(proof)).amount == 2501
    assert Notification.objects.filter(kind="reroll.failed", person=proof.collector).count() == 1


def test_accepting_while_another_is_painted_ends_that_one_and_releases_its_hold(
    proof: Commission, settle: Settle, provider: Provider
) -> None:
    asked = paid_reroll(proof, settle)
    services.begin_reroll(payment_id=asked.payment_id)  # type: ignore[arg-type]
    services.accept(commission_id=proof.pk, collector=proof.collector, candidate=2)
    settle()
    asked.refresh_from_db()
    assert (again(proof).state, asked.state) == ("delivered", "dropped")
    assert asked.job is not None
    assert asked.job.state == Job.State.CANCELLED
    assert provider.intent(Payment.objects.get(reroll=asked))["status"] == "canceled"
    assert provider.intent(proof.payment)["amount_received"] == 2501
    assert Payment.objects.filter(state="captured").count() == 1


def test_a_hold_that_comes_after_the_answer_is_let_go(proof: Commission, settle: Settle, provider: Provider) -> None:
    asked = paid_reroll(proof, settle)  # authorised; nobody has heard of it yet
    services.decline(commission_id=proof.pk, collector=proof.collector)
    settle()
    asked.refresh_from_db()
    assert (again(proof).state, asked.state, asked.job) == ("declined", "dropped", None)
    assert (
        provider.intent(Payment.objects.get(reroll=asked))["status"]
        == provider.intent(proof.payment)["status"]
        == "canceled"
    )


def test_declining_releases_every_hold(proof: Commission, settle: Settle, provider: Provider) -> None:
    asked = paid_reroll(proof, settle)
    settle()
    services.decline(commission_id=proof.pk, collector=proof.collector)
    settle()
    asked.refresh_from_db()
    assert asked.state == "passed"
    assert (
        provider.intent(Payment.objects.get(reroll=asked))["status"]
        == provider.intent(proof.payment)["status"]
        == "canceled"
    )
    assert not Share.objects.exists()


def test_accepting_and_asking_at_one_moment_leave_one_answer_and_no_open_picture(
    proof: Commission, settle: Settle
) -> None:
    start, outcomes = Barrier(2), []

    def race(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes.append("done")
        except NotNow:
            outcomes.append("refused")
        finally:
            connection.close()

    acts = [
        lambda: services.accept(commission_id=proof.pk, collector=proof.collector, candidate=1),
        lambda: reroll(proof),
    ]
    threads = [Thread(target=race, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle()
    assert again(proof).state == "delivered"
    assert "done" in outcomes
    assert not Reroll.objects.filter(state__in=["painting", "shown", "awaiting_payment"]).exists()
    assert Payment.objects.filter(state="captured").count() == 1


def test_silence_takes_the_newest_that_was_shown(proof: Commission, settle: Settle) -> None:
    reroll(proof)
    settle()
    assert proof.accept_by is not None
    assert again(proof).accept_by > proof.accept_by  # type: ignore[operator]
    Commission.objects.filter(pk=proof.pk).update(accept_by=timezone.now() - timedelta(minutes=1))
    accept_what_nobody_answered()
    settle()
    assert again(proof).state == "delivered"
    assert Reroll.objects.get().state == "chosen"


def test_none_is_asked_for_once_the_card_is_held_too_short(proof: Commission) -> None:
    Payment.objects.filter(pk=proof.payment_id).update(capture_before=timezone.now() + timedelta(hours=20))
    with pytest.raises(TooLate):
        reroll(proof)


def test_what_would_be_the_same_picture_or_takes_more_than_was_ordered_is_refused(proof: Commission) -> None:
    for parameters, name in (
        ({}, "parameters"),
        ({"size": 2048}, "parameters"),
        ({"strength": 2}, "parameters.strength"),
    ):
        with pytest.raises(InvalidInput) as refused:
            services.ask_reroll(commission_id=proof.pk, collector=proof.collector, parameters=parameters)
        assert list(refused.value.data["errors"]) == [name]
    assert not Reroll.objects.exists()


def test_a_held_first_picture_leaves_the_others_to_be_answered(proof: Commission, settle: Settle) -> None:
    reroll(proof)
    settle()
    first = Artwork.objects.get(job=proof.job)
    Artwork.objects.filter(pk=first.pk).update(visibility="held")
    services.take_proof_back(artwork_id=first.pk)
    assert again(proof).state == "proof"
    assert [one.number for one in selectors.shown_candidates(again(proof))] == [2]
    second = Artwork.objects.get(job__reroll__isnull=False)
    Artwork.objects.filter(pk=second.pk).update(visibility="held")
    services.take_reroll_back(artwork_id=second.pk)
    commission = again(proof)
    assert (commission.state, commission.artwork, commission.accept_by) == ("painting", None, None)


def test_the_database_refuses_what_the_machine_does_not_know(proof: Commission, settle: Settle) -> None:
    asked = reroll(proof)
    settle()
    with pytest.raises(Error, match="shown"), transaction.atomic():
        Reroll.objects.filter(pk=asked.pk).update(state="awaiting_payment")


def test_a_seed_of_a_model_is_one_collectors_whichever_picture_it_is(order: Order, settle: Settle) -> None:
    mine = paid(order(seed=1))
    settle()
    mine = again(mine)
    order(seed=2)
    with pytest.raises(SeedTaken):
        services.ask_reroll(commission_id=mine.pk, collector=mine.collector, seed=2)
    services.ask_reroll(commission_id=mine.pk, collector=mine.collector, seed=3)
    settle()
    with pytest.raises(SeedTaken):
        order(seed=3)
    services.accept(commission_id=mine.pk, collector=mine.collector, candidate=2)
    settle()
    mine = again(mine)
    assert (mine.state, mine.seed, mine.title[:6]) == ("delivered", 3, "Seed 3")
    assert order(seed=1).seed == 1  # what was not taken is anybody's again
