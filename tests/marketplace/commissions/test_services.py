"""A commission's life: the money moves exactly when the picture does, and everything that can happen twice may."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from generation.models import Artwork, Job
from generation.services import cancel_job
from marketplace.commissions import services
from marketplace.commissions.errors import NotNow, PhotographNotReady
from marketplace.commissions.models import Commission
from marketplace.commissions.tasks import accept_what_nobody_answered, expire_what_nobody_paid
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import OutboxEvent
from marketplace.core.outbox import deliver
from marketplace.listings import services as listings
from marketplace.orders.models import Ownership
from payments import ledger
from payments import services as payments
from payments.errors import PaymentDeclined
from payments.models import Entry, Payment
from tests.marketplace.staging import Stage
from tests.payments.provider import DECLINED, VISA, Provider

State = Commission.State
Settle = Callable[[], None]


def again(commission: Commission) -> Commission:
    return Commission.objects.select_related("payment", "job", "artwork").get(pk=commission.pk)


def proof(stage: Stage, settle: Settle) -> Commission:
    commission = stage.paid()
    settle()
    commission = again(commission)
    assert commission.state == State.PROOF
    return commission


def test_an_accepted_commission_pays_the_artist_and_gives_the_work(
    stage: Stage, settle: Settle, provider: Provider
) -> None:
    commission = proof(stage, settle)
    artwork = commission.artwork
    assert artwork is not None
    assert (artwork.owner, artwork.style_artist, artwork.title) == (None, stage.artist, "After “Ink”")
    assert not Entry.objects.exists()

    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    commission = again(commission)
    assert (commission.state, commission.payment.state) == (State.DELIVERED, Payment.State.CAPTURED)
    assert Ownership.objects.get().owner == stage.collector
    assert Artwork.objects.get(pk=artwork.pk).owner == stage.collector
    assert ledger.balance(ledger.payee(stage.artist.user_id), "eur") == -1751
    assert ledger.balance("platform:revenue", "eur") == -750
    assert (
        ledger.balance("stripe:balance", "eur") + ledger.balance("fees:stripe", "eur")
        == 2501
        == provider.intent(commission.payment)["amount_received"]
    )


def test_every_event_may_be_told_twice(stage: Stage, settle: Settle, provider: Provider) -> None:
    commission = proof(stage, settle)
    services.accept(commission_id=commission.pk, collector=stage.collector)
    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    OutboxEvent.objects.exclude(topic="").update(done_at=None)
    for event in OutboxEvent.objects.exclude(topic=""):
        deliver([event.pk])
    settle()
    assert again(commission).state == State.DELIVERED
    assert (Job.objects.filter(engine="arbitrary-style").count(), Ownership.objects.count()) == (1, 1)
    assert Entry.objects.filter(kind="capture").count() == 1
    assert provider.executed("/v1/payment_intents/*/capture") == 1


def test_a_declined_proof_releases_the_card(stage: Stage, settle: Settle, provider: Provider) -> None:
    commission = proof(stage, settle)
    services.decline(commission_id=commission.pk, collector=stage.collector)
    settle()
    assert again(commission).state == State.DECLINED
    assert provider.intent(commission.payment)["status"] == "canceled"
    assert not Ownership.objects.exists()
    with pytest.raises(NotNow):
        services.accept(commission_id=commission.pk, collector=stage.collector)


def test_a_declined_card_starts_no_job(stage: Stage, settle: Settle) -> None:
    commission = stage.order()
    with pytest.raises(PaymentDeclined):
        services.pay(commission=commission, payment_method=DECLINED)
    settle()
    assert again(commission).state == State.AWAITING_PAYMENT
    assert not Job.objects.filter(engine="arbitrary-style").exists()


def test_an_engine_that_fails_releases_the_card_and_says_why(stage: Stage, settle: Settle, provider: Provider) -> None:
    storage.delete(storage.Bucket.PRIVATE, stage.photograph.key)  # the file was lost after it was checked
    commission = stage.paid()
    settle()
    commission = again(commission)
    assert (commission.state, commission.payment.state) == (State.FAILED, Payment.State.RELEASED)
    assert commission.reason
    assert commission.job is not None
    assert commission.job.state == Job.State.FAILED
    assert provider.intent(commission.payment)["status"] == "canceled"


def test_cancelling_before_the_picture_is_ready_stops_the_job(stage: Stage, settle: Settle, provider: Provider) -> None:
    commission = stage.paid()
    services.start_painting(payment_id=commission.payment_id)
    services.cancel(commission_id=commission.pk, collector=stage.collector)
    settle()
    commission = again(commission)
    assert commission.state == State.CANCELLED
    assert commission.job is not None
    assert commission.job.state == Job.State.CANCELLED
    assert provider.intent(commission.payment)["status"] == "canceled"


def test_a_job_that_staff_cancel_releases_the_card(stage: Stage, settle: Settle) -> None:
    commission = stage.paid()
    services.start_painting(payment_id=commission.payment_id)
    cancel_job(job_id=again(commission).job_id)  # type: ignore[arg-type]
    settle()
    assert (again(commission).state, again(commission).payment.state) == (State.CANCELLED, Payment.State.RELEASED)


def test_an_authorisation_that_comes_after_the_cancellation_is_let_go(
    stage: Stage, settle: Settle, provider: Provider
) -> None:
    commission = stage.order()
    payment = services.pay(commission=commission)
    services.cancel(commission_id=commission.pk, collector=stage.collector)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/confirm", data={"payment_method": VISA})
    settle()
    assert provider.intent(payment)["status"] == "canceled"
    assert not Job.objects.filter(engine="arbitrary-style").exists()


def test_silence_is_acceptance(stage: Stage, settle: Settle) -> None:
    commission = proof(stage, settle)
    assert commission.accept_by is not None
    assert commission.payment.capture_before is not None
    assert commission.accept_by < commission.payment.capture_before
    days = settings.ATELIER.acceptance_days
    assert abs(commission.accept_by - timezone.now() - timedelta(days=days)) < timedelta(minutes=1)
    accept_what_nobody_answered()
    assert again(commission).state == State.PROOF
    Commission.objects.update(accept_by=timezone.now() - timedelta(seconds=1))
    accept_what_nobody_answered()
    settle()
    assert again(commission).state == State.DELIVERED


def test_an_order_that_nobody_pays_ends_after_a_day(stage: Stage, settle: Settle) -> None:
    commission = stage.order()
    expire_what_nobody_paid()
    assert again(commission).state == State.AWAITING_PAYMENT
    Commission.objects.update(created_at=timezone.now() - timedelta(hours=25))
    expire_what_nobody_paid()
    settle()
    assert (again(commission).state, again(commission).payment.state) == (State.EXPIRED, Payment.State.RELEASED)


def test_a_lapsed_authorisation_ends_the_commission_and_nothing_is_owned(
    stage: Stage, settle: Settle, provider: Provider
) -> None:
    commission = proof(stage, settle)
    provider.advance(8 * 24 * 3600)
    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    assert again(commission).state == State.LAPSED
    assert not Ownership.objects.exists()
    assert not Entry.objects.exists()


def test_accepting_and_declining_at_once_does_one_of_them(stage: Stage, settle: Settle, provider: Provider) -> None:
    commission = proof(stage, settle)
    start = Barrier(2)
    refused: list[NotNow] = []

    def answer(step: Callable[..., Commission]) -> None:
        start.wait()
        try:
            step(commission_id=commission.pk, collector=stage.collector)
        except NotNow as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=answer, args=(step,)) for step in (services.accept, services.decline)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle()
    ended = again(commission)
    assert len(refused) == 1
    assert (ended.state, ended.payment.state) in {
        (State.DELIVERED, Payment.State.CAPTURED),
        (State.DECLINED, Payment.State.RELEASED),
    }


def test_the_same_request_key_is_one_order(stage: Stage) -> None:
    first, second = (stage.order(request_key="k") for _ in range(2))
    assert first.pk == second.pk
    assert Payment.objects.count() == 1


def test_the_price_is_fixed_at_the_order(stage: Stage, settle: Settle) -> None:
    commission = stage.order()
    listings.change_listing(
        artist_user=stage.artist.user, listing_id=stage.listing.pk, price_amount=9900, state="paused"
    )
    services.pay(commission=commission, payment_method=VISA)
    settle()
    assert (again(commission).state, again(commission).price_amount) == (State.PROOF, 2501)


def test_what_cannot_be_ordered_is_refused_before_anything_is_written(
    stage: Stage, make_user: Callable[..., object]
) -> None:
    stage.photograph.state = "pending"
    stage.photograph.completed_at = None
    stage.photograph.save()
    with pytest.raises(PhotographNotReady):
        stage.order()
    with pytest.raises(NotFound):
        stage.order(collector=make_user())
    with pytest.raises(InvalidInput) as refused:
        _ready(stage).order(size=64)
    assert refused.value.data["errors"]["parameters.size"]
    listings.change_listing(artist_user=stage.artist.user, listing_id=stage.listing.pk, state="paused")
    with pytest.raises(NotFound):
        stage.order()
    assert not Commission.objects.exists()
    assert not Payment.objects.exists()


def _ready(stage: Stage) -> Stage:
    stage.photograph.state, stage.photograph.completed_at = "ready", timezone.now()
    stage.photograph.save()
    return stage


def test_the_database_refuses_parts_that_are_not_the_price(stage: Stage) -> None:
    commission = stage.order()
    with pytest.raises(Error, match="commissions_parts_are_the_price"):
        Commission.objects.filter(pk=commission.pk).update(artist_amount=1)


def test_a_payment_of_something_else_moves_no_commission(stage: Stage) -> None:
    commission = stage.order()
    other = payments.create_payment(payer=stage.collector, amount=commission.price, reference="other:1")
    services.start_painting(payment_id=other.pk)
    services.deliver(payment_id=other.pk)
    assert again(commission).state == State.AWAITING_PAYMENT
