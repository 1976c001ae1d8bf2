"""Editions that are made when they are bought: the seed drawn after payment, and the money back where it fails."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from generation import selectors as generation
from generation import services
from generation.models import FlagKind, Job, Review, Worker
from generation.selectors.run_times import KNOWN, RunTime
from marketplace.accounts.models import Artist, Notification, User
from marketplace.core import outbox
from marketplace.listings.models import Release, Sale
from marketplace.orders.errors import TooBusy
from marketplace.orders.models import Order, Ownership
from payments.models import Refund
from tests.generation import held
from tests.generation.moderation.pictures import waves
from tests.marketplace.accounts.people import curator
from tests.marketplace.modelling import trained_model
from tests.marketplace.orders.market import Settle, again, buy, order, put_on_sale, resell


def workers(count: int, *, seconds: float) -> None:
    """So many workers of GPUs, and what they took for an edition lately."""
    for number in range(count):
        Worker.objects.update_or_create(name=f"w{number}", defaults={"host": "h", "queues": ["gpu"]})
    Worker.objects.update(beat_at=Now())
    cache.set(KNOWN, ({"gan": RunTime(seconds, seconds)}, {}), timeout=None)


@pytest.fixture
def series(artist: Artist) -> Sale:
    """Three editions of what a model makes."""
    workers(1, seconds=1.0)
    release = Release.objects.create(
        artist=artist, trained_model=trained_model(artist), engine="gan", parameters={"size": 64}, title="Tides", size=3
    )
    return put_on_sale(artist, release=release)


def test_the_seed_is_drawn_after_payment_and_the_edition_made_for_its_buyer(
    series: Sale, user: User, settle: Settle, client_of: Callable[[User], APIClient]
) -> None:
    placed = order(series, user)
    assert placed.edition.seed is None
    bought = buy(series, user)
    assert (bought.state, bought.edition.number) == ("making", 2)
    # It is made in its artist's name: who bought it cannot look over the shoulder and call off what they do not like.
    assert client_of(user).post(f"/api/v1/jobs/{bought.job_id}/cancel/").status_code == 404
    settle()
    bought = again(bought)
    made = bought.edition.made
    assert made is not None
    assert (bought.state, made.seed, made.owner, made.title) == ("owned", bought.edition.seed, user, "Tides, 2 of 3")
    assert made.artist == series.issued.artist
    assert bought.payment.shares.get().release_at is not None  # in escrow until it was there
    assert generation.may_download(user, made)
    assert Ownership.objects.get().owner == user


def test_what_cannot_be_made_is_refunded_and_free_for_another_seed(series: Sale, user: User, settle: Settle) -> None:
    bought = buy(series, user)
    seed = bought.edition.seed
    services.cancel_job(job_id=Job.objects.get(order=bought).pk)
    settle()
    bought = again(bought)
    assert (bought.edition.state, bought.edition.seed) == ("free", None)
    assert bought.state == "refunded"
    assert Refund.objects.get().amount == bought.payment.amount
    assert not Ownership.objects.exists()
    told = Notification.objects.filter(key=str(bought.pk)).values_list("person", "kind")
    assert {(user.pk, "order.failed"), (user.pk, "order.refunded"), (bought.seller_id, "sale.failed")} <= set(told)
    second = buy(series, user)
    assert second.edition.number == 1
    assert second.edition.seed not in {seed, None}


def test_what_the_house_cannot_run_any_more_is_refunded_at_once(series: Sale, user: User, settle: Settle) -> None:
    placed = order(series, user)
    Release.objects.update(parameters={"size": -1})
    assert buy(series, user).state == "refunding"
    settle()
    assert {one.state for one in Order.objects.exclude(pk=placed.pk)} == {"refunded"}


def test_what_is_held_back_is_waited_for_and_refunded_where_it_is_refused(
    series: Sale, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    orders = [_made_and_held(buy(series, buyer)) for buyer in (user, make_user())]
    settle()
    assert [again(one).state for one in orders] == ["making", "making"]
    judge, (cleared, refused) = curator(), orders
    services.clear_review(review_id=Review.objects.get(artwork__job__order=cleared).pk, curator=judge)
    services.refuse_review(review_id=Review.objects.get(artwork__job__order=refused).pk, curator=judge, note="No.")
    settle()
    assert [again(one).state for one in orders] == ["owned", "refunded"]
    assert again(refused).edition.state == "free"


def _made_and_held(order: Order) -> Order:
    """Painted by hand, and the gate was in doubt."""
    flag = services.Flag(kind=FlagKind.EXPLICIT, score=0.9)
    assert order.job is not None
    with transaction.atomic():
        held.finish(order.job, waves(1), services.Screening(phash=1, explicit=0.9, flags=(flag,)))
        Job.objects.filter(pk=order.job.pk).update(state=Job.State.SUCCEEDED, finished_at=Now())
        outbox.emit("job.succeeded", order.job.pk)
    return order


def test_no_more_are_sold_than_can_be_made_soon(series: Sale, make_user: Callable[..., User]) -> None:
    workers(2, seconds=1200.0)  # within thirty minutes two of them make three
    for _ in range(3):
        order(series, make_user())
    Release.objects.update(size=4)
    with pytest.raises(TooBusy) as refused:
        order(series, make_user())
    assert refused.value.data["retry_after"] == 600
    workers(3, seconds=1200.0)
    assert order(series, make_user())


def test_where_nobody_works_one_at_a_time_is_sold(series: Sale, make_user: Callable[..., User]) -> None:
    Worker.objects.all().delete()
    order(series, make_user())
    with pytest.raises(TooBusy):
        order(series, make_user())


def test_who_resells_a_made_edition_waits_for_nobody(
    series: Sale, user: User, make_user: Callable[..., User], settle: Settle
) -> None:
    bought = buy(series, user)
    settle()
    Worker.objects.all().delete()
    resold = buy(resell(again(bought).edition, user), make_user())
    assert resold.state == "owned"
    assert resold.edition.artwork.owner == resold.buyer  # type: ignore[union-attr]  # it is made
