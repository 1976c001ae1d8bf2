"""Commissions whose picture the moderation gate holds back: nobody is charged for what nobody may see."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.utils import timezone

from generation import services as generation
from generation.errors import ReviewFinal
from generation.models import Artwork, FlagKind, Job, Review
from marketplace.accounts.models import User
from marketplace.commissions import services
from marketplace.commissions.errors import NotNow, PhotographNotReady
from marketplace.commissions.models import Commission
from marketplace.commissions.tasks import accept_what_nobody_answered
from marketplace.core import outbox
from marketplace.core.errors import AtelierError
from marketplace.core.models import OutboxEvent
from marketplace.core.outbox import deliver
from marketplace.orders.models import Ownership
from payments.models import Entry, Payment
from tests.generation import held
from tests.generation.moderation import magenta
from tests.generation.moderation.pictures import waves
from tests.marketplace.accounts.people import curator
from tests.marketplace.staging import Stage, send_photograph
from tests.payments.provider import Provider

State = Commission.State
Settle = Callable[[], None]


@pytest.fixture
def waiting(stage: Stage, settle: Settle) -> Commission:
    """A commission that is painted (by hand: engines take their time) and held back."""
    commission = stage.paid()
    services.start_painting(payment_id=commission.payment_id)
    job = again(commission).job
    assert job is not None
    flag = generation.Flag(kind=FlagKind.EXPLICIT, score=0.9)
    with transaction.atomic():
        held.finish(job, waves(1), generation.Screening(phash=1, explicit=0.9, flags=(flag,)))
        Job.objects.filter(pk=job.pk).update(state=Job.State.SUCCEEDED, finished_at=timezone.now())
        outbox.emit("job.succeeded", job.pk)
    settle()
    return again(commission)


@pytest.fixture
def judge(db: None) -> User:
    return curator()


def again(commission: Commission) -> Commission:
    return Commission.objects.select_related("payment", "job__artwork", "artwork").get(pk=commission.pk)


def work(commission: Commission) -> Artwork:
    return Artwork.objects.get(job=commission.job_id)


def clear(commission: Commission, judge: User) -> None:
    generation.clear_review(review_id=held.review_of(work(commission)).pk, curator=judge)


def refuse(commission: Commission, judge: User, note: str = "") -> None:
    generation.refuse_review(review_id=held.review_of(work(commission)).pk, curator=judge, note=note)


def undo(commission: Commission, judge: User) -> Review:
    return generation.undo_review(review_id=held.review_of(work(commission)).pk, curator=judge)


def test_what_the_worker_holds_back_is_no_proof_and_no_picture_of_it_is_public(
    stage: Stage, settle: Settle, settings: LazySettings
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": f"{magenta.__name__}.Wary"})
    commission = stage.paid()
    settle()
    commission = again(commission)
    assert (commission.state, commission.is_held) == (State.PAINTING, True)
    assert {file.bucket for file in work(commission).files.all()} == {"private"}
    assert {held.fetched(address) for address in held.public_addresses(work(commission))} <= {403, 404}


def test_a_picture_that_is_held_is_no_proof_yet(waiting: Commission, stage: Stage, provider: Provider) -> None:
    assert (waiting.state, waiting.artwork, waiting.accept_by, waiting.is_held) == (State.PAINTING, None, None, True)
    assert waiting.job is not None
    assert (waiting.job.state, waiting.job.preview_url) == ("succeeded", "")
    assert provider.intent(waiting.payment)["status"] == "requires_capture"
    with pytest.raises(NotNow):
        services.accept(commission_id=waiting.pk, collector=stage.collector)


def test_a_picture_that_is_cleared_becomes_a_proof_and_can_be_bought(
    waiting: Commission, judge: User, stage: Stage, settle: Settle
) -> None:
    clear(waiting, judge)
    settle()
    shown = again(waiting)
    assert (shown.state, shown.artwork) == (State.PROOF, work(waiting))
    services.accept(commission_id=waiting.pk, collector=stage.collector)
    settle()
    assert (again(waiting).state, again(waiting).payment.state) == (State.DELIVERED, Payment.State.CAPTURED)
    assert Ownership.objects.get().owner == stage.collector
    with pytest.raises(ReviewFinal, match="accepted"):
        undo(waiting, judge)
    assert not work(waiting).is_held


def test_a_picture_that_is_refused_releases_the_card_for_good(
    waiting: Commission, judge: User, settle: Settle, provider: Provider
) -> None:
    refuse(waiting, judge, "We do not show this.")
    settle()
    ended = again(waiting)
    assert (ended.state, ended.reason, ended.payment.state) == (
        State.FAILED, "We do not show this.", Payment.State.RELEASED,
    )  # fmt: skip
    assert provider.intent(ended.payment)["status"] == "canceled"
    assert not Entry.objects.exists()
    with pytest.raises(ReviewFinal, match="money went back"):
        undo(waiting, judge)


def test_a_refusal_that_is_undone_in_time_costs_nobody_anything(
    waiting: Commission, judge: User, settle: Settle
) -> None:
    refuse(waiting, judge)
    undo(waiting, judge)  # before the commission is told
    settle()
    assert again(waiting).state == State.PAINTING
    clear(waiting, judge)
    settle()
    assert again(waiting).state == State.PROOF


def test_a_proof_whose_clearance_is_undone_waits_again(
    waiting: Commission, judge: User, stage: Stage, settle: Settle
) -> None:
    clear(waiting, judge)
    settle()
    undo(waiting, judge)
    with pytest.raises(NotNow):  # even before the commission is told
        services.accept(commission_id=waiting.pk, collector=stage.collector)
    settle()
    back = again(waiting)
    assert (back.state, back.artwork, back.accept_by, back.is_held) == (State.PAINTING, None, None, True)
    refuse(waiting, judge)
    settle()
    assert (again(waiting).state, again(waiting).payment.state) == (State.FAILED, Payment.State.RELEASED)


def test_silence_does_not_buy_what_nobody_may_see(waiting: Commission, judge: User, settle: Settle) -> None:
    clear(waiting, judge)
    settle()
    Commission.objects.update(accept_by=timezone.now() - timedelta(seconds=1))
    undo(waiting, judge)
    accept_what_nobody_answered()
    settle()
    assert (again(waiting).state, again(waiting).payment.state) == (State.PAINTING, Payment.State.AUTHORISED)


def test_the_collector_need_not_wait(
    waiting: Commission, judge: User, stage: Stage, settle: Settle, provider: Provider
) -> None:
    services.cancel(commission_id=waiting.pk, collector=stage.collector)
    settle()
    assert (again(waiting).state, again(waiting).payment.state) == (State.CANCELLED, Payment.State.RELEASED)
    clear(waiting, judge)
    settle()
    undo(waiting, judge)
    refuse(waiting, judge)
    settle()
    undo(waiting, judge)  # nothing was built on it
    assert again(waiting).state == State.CANCELLED
    assert provider.executed("/v1/payment_intents/*/cancel") == 1


def test_an_authorisation_that_lapses_meanwhile_ends_the_commission(
    waiting: Commission, judge: User, settle: Settle
) -> None:
    services.lapse(payment_id=waiting.payment_id)
    assert again(waiting).state == State.EXPIRED
    clear(waiting, judge)
    settle()
    assert again(waiting).state == State.EXPIRED


def test_a_picture_that_is_cleared_too_late_is_not_forced_on_anybody(
    waiting: Commission, judge: User, settle: Settle
) -> None:
    Payment.objects.update(capture_before=timezone.now() + timedelta(hours=20))
    clear(waiting, judge)
    settle()
    ended = again(waiting)
    assert (ended.state, ended.payment.state) == (State.FAILED, Payment.State.RELEASED)
    assert "before you could answer" in ended.reason


def test_every_event_may_be_told_twice_and_late(waiting: Commission, judge: User, settle: Settle) -> None:
    clear(waiting, judge)
    undo(waiting, judge)
    refuse(waiting, judge)
    settle()
    for _ in range(2):
        OutboxEvent.objects.exclude(topic="").update(done_at=None)
        deliver(list(OutboxEvent.objects.exclude(topic="").order_by("-pk").values_list("pk", flat=True)))
        settle()
    assert (again(waiting).state, again(waiting).payment.state) == (State.FAILED, Payment.State.RELEASED)


@pytest.mark.parametrize("act", [clear, refuse], ids=["cleared", "refused"])
def test_a_collector_who_cancels_while_a_curator_decides(
    waiting: Commission, judge: User, stage: Stage, settle: Settle, act: Callable[[Commission, User], None]
) -> None:
    start = Barrier(2)

    def decide() -> None:
        start.wait()
        act(waiting, judge)
        for event in OutboxEvent.objects.filter(topic__startswith="artwork.", done_at=None):
            deliver([event.pk])
        connection.close()

    def cancel() -> None:
        start.wait()
        try:
            services.cancel(commission_id=waiting.pk, collector=stage.collector)
        except AtelierError:
            pass
        finally:
            connection.close()

    threads = [Thread(target=decide), Thread(target=cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle()
    ended = again(waiting)
    assert (ended.state, ended.payment.state) in {
        (State.CANCELLED, Payment.State.RELEASED),
        (State.FAILED, Payment.State.RELEASED) if act is refuse else (State.PROOF, Payment.State.AUTHORISED),
    }


def test_a_photograph_that_is_held_cannot_be_ordered_with(stage: Stage, settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": f"{magenta.__name__}.Wary"})
    stage.photograph = send_photograph(stage.collector, (1, 2, 3))
    assert stage.photograph.state == "held"
    with pytest.raises(PhotographNotReady) as refused:
        stage.order()
    assert refused.value.data["errors"] == {"photograph": ["A curator looks at this photograph first."]}
