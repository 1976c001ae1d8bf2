"""A commission's page in each of its states, and what one may do there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from generation import services as generation
from generation.models import Artwork, FlagKind, Job, Visibility
from marketplace.accounts.models import Artist, User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.listings.models import Listing
from payments import services as payments
from payments.models import Payment
from tests.gallery import hanging
from tests.gallery.markup import Page, read
from tests.generation import held
from tests.generation.moderation.pictures import waves
from tests.payments.provider import VISA, Provider

State = Commission.State


@pytest.fixture
def commission(user: User, listing: Listing, provider: Provider) -> Commission:
    """An order that nobody has paid yet; the provider is there."""
    return services.order_commission(
        collector=user,
        listing_id=listing.pk,
        photograph_id=hanging.photograph(user).pk,
        parameters={"size": 256},
    )


@pytest.fixture
def address(commission: Commission) -> str:
    return f"/commissions/{commission.pk}/"


def painting(commission: Commission) -> Commission:
    """The card is authorised and the job submitted."""
    payments.authorise(payment_id=services.pay(commission=commission).pk, payment_method=VISA)
    services.start_painting(payment_id=commission.payment_id)
    return again(commission)


def proof(commission: Commission, artist: Artist) -> Commission:
    """The picture is there, as a painter would have left it."""
    job = painting(commission).job
    assert job is not None
    Job.objects.filter(pk=job.pk).update(state=Job.State.SUCCEEDED, finished_at=timezone.now())
    hanging.work(
        commission.collector, job=job, visibility=Visibility.PRIVATE, hung_at=None, owner=None, artist=None,
        style_artist=artist,
    )  # fmt: skip
    services.show_proof(job_id=job.pk)
    return again(commission)


def again(commission: Commission) -> Commission:
    return Commission.objects.select_related("payment", "job", "artwork").get(pk=commission.pk)


def test_before_the_payment_one_may_pay_or_cancel(visitor: Client, address: str) -> None:
    page = read(visitor.get(address))
    assert "Waiting for your card" in page.html
    assert page.all("a", href=f"{address}pay/")
    assert page.all("form", action=f"{address}cancel/")
    assert step_now(page) == "Ordered"


def test_coming_back_from_the_payment_does_not_wait_for_the_webhook(
    visitor: Client, commission: Commission, address: str, provider: Provider
) -> None:
    payment = services.pay(commission=commission)
    provider.http.post(f"/v1/payment_intents/{payment.intent_id}/confirm", data={"payment_method": VISA})
    assert again(commission).payment.state == Payment.State.REQUIRES_PAYMENT
    page = read(visitor.get(f"{address}?paid=1"))
    assert again(commission).payment.state == Payment.State.AUTHORISED
    assert "Your card is authorised" in page.html
    assert not page.all("a", href=f"{address}pay/")
    answer = visitor.get(f"{address}pay/")
    assert answer.headers["Location"] == address


def test_a_provider_that_is_away_when_one_comes_back_is_no_error(
    visitor: Client, commission: Commission, address: str, provider: Provider
) -> None:
    services.pay(commission=commission)
    provider.fault(path="/v1/payment_intents*", kind="error", times=9)
    assert "has not answered yet" in read(visitor.get(f"{address}?paid=1")).html


def test_while_it_is_painted_the_page_follows(visitor: Client, commission: Commission, address: str) -> None:
    job = painting(commission).job
    assert job is not None
    page = read(visitor.get(address))
    assert page.all("div", **{"data-live": f"/api/v1/jobs/{job.pk}/events/"})
    [section] = page.all("section", id="state")
    assert section["hx-get"] == f"{address}state/"
    assert "every 4s" in section["hx-trigger"]
    assert "Waiting for a painter" in page.html
    assert page.all("p", role="status") or page.all("span", role="status")
    assert step_now(page) == "Being painted"


def test_the_fragment_answers_only_when_something_changed(
    visitor: Client, commission: Commission, address: str
) -> None:
    seen = f"{commission.state} {commission.payment.state} "
    assert visitor.get(f"{address}state/", {"seen": seen}).status_code == 204
    painting(commission)
    page = read(visitor.get(f"{address}state/", {"seen": seen}))
    assert page.all("section", id="state")
    assert "<html" not in page.html


def test_a_proof_is_accepted_or_declined_by_a_date(
    visitor: Client, commission: Commission, artist: Artist, address: str
) -> None:
    deadline = proof(commission, artist).accept_by
    assert deadline is not None
    assert deadline > timezone.now() + timedelta(days=1)
    page = read(visitor.get(address))
    assert [time["datetime"] for time in page.all("time")] == [deadline.isoformat()]
    assert page.all("form", action=f"{address}accept/")
    assert page.all("dialog", id="decline")
    assert page.all("button", **{"data-dialog": "decline"})
    assert not page.all("form", action=f"{address}cancel/")
    assert "hx-get" not in page.all("section", id="state")[0]
    assert "?original" not in page.html  # a proof is not yet theirs
    assert step_now(page) == "Your answer"


def test_an_accepted_work_is_settled_and_then_downloaded(
    visitor: Client, commission: Commission, artist: Artist, address: str
) -> None:
    proof(commission, artist)
    page = read(visitor.post(f"{address}accept/", follow=True))
    assert "Settling the payment" in page.html
    assert "every 1s" in page.all("section", id="state")[0]["hx-trigger"]

    payments.perform_capture(payment_id=commission.payment_id)
    services.deliver(payment_id=commission.payment_id)
    page = read(visitor.get(address))
    assert "It is yours" in page.html
    assert "Vera Molnár was credited €17.50" in page.html
    [download] = [link["href"] for link in page.all("a") if link["href"].endswith("?original")]
    assert visitor.get(download).status_code == 302
    assert "hx-get" not in page.all("section", id="state")[0]
    artwork = again(commission).artwork
    assert artwork is not None
    edition = artwork.release.editions.get()
    assert read(visitor.get("/collection/")).all("a", href=f"/collection/{edition.pk}/")


def test_a_declined_work_says_that_the_card_is_released(
    visitor: Client, commission: Commission, artist: Artist, address: str
) -> None:
    proof(commission, artist)
    page = read(visitor.post(f"{address}decline/", follow=True))
    assert "is being released" in page.html
    assert "hx-get" in page.all("section", id="state")[0]
    payments.perform_release(payment_id=commission.payment_id)
    page = read(visitor.get(f"{address}state/"))
    assert "The hold on your card was released; nothing was charged." in page.html
    assert "hx-get" not in page.all("section", id="state")[0]


def test_a_failure_says_why_and_that_nothing_was_charged(visitor: Client, commission: Commission, address: str) -> None:
    job = painting(commission).job
    assert job is not None
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.FAILED, error_code="engine-fault", error_detail="The brush broke.", finished_at=timezone.now()
    )
    services.stop_painting(job_id=job.pk)
    payments.perform_release(payment_id=commission.payment_id)
    page = read(visitor.get(address))
    assert "Could not be painted" in page.html
    assert "The brush broke." in page.html
    assert "The hold on your card was released; nothing was charged." in page.html


def test_an_order_is_cancelled_before_it_is_paid(visitor: Client, commission: Commission, address: str) -> None:
    page = read(visitor.post(f"{address}cancel/", follow=True))
    assert again(commission).state == State.CANCELLED
    assert "You cancelled it." in page.html
    assert "Nothing was charged." in page.html
    assert "The hold on your card" not in page.html


def test_what_cannot_be_done_now_is_said(visitor: Client, commission: Commission, address: str) -> None:
    page = read(visitor.post(f"{address}accept/", follow=True))
    assert page.all("li", **{"class": "alert bad"})
    assert again(commission).state == State.AWAITING_PAYMENT


@pytest.mark.parametrize("page", ["", "state/", "pay/"])
def test_somebody_elses_commission_is_not_there(
    commission: Commission, artist: Artist, signed_in: Callable[[User], Client], page: str
) -> None:
    read(signed_in(artist.user).get(f"/commissions/{commission.pk}/{page}"), 404)


@pytest.mark.parametrize("step", ["accept", "decline", "cancel"])
def test_somebody_else_can_do_nothing_to_it(
    commission: Commission, artist: Artist, signed_in: Callable[[User], Client], step: str
) -> None:
    read(signed_in(artist.user).post(f"/commissions/{commission.pk}/{step}/"), 404)
    assert again(commission).state == State.AWAITING_PAYMENT


@pytest.mark.parametrize("step", ["accept", "decline", "cancel"])
def test_steps_are_taken_by_forms_of_ours_alone(
    user: User, visitor: Client, commission: Commission, address: str, step: str
) -> None:
    assert visitor.get(f"{address}{step}/").status_code == 405
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(f"{address}{step}/").status_code == 403
    assert again(commission).state == State.AWAITING_PAYMENT


def test_following_a_commission_needs_few_queries(
    visitor: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        read(visitor.get(f"{address}state/"))


def step_now(page: Page) -> str:
    """The title of the step that the page says one is at."""
    assert len(page.all("li", **{"aria-current": "step"})) == 1
    return page.html.partition('aria-current="step">')[2].partition("<")[0]


def test_a_picture_that_is_held_is_waited_for_or_not(
    visitor: Client, commission: Commission, address: str, user: User
) -> None:
    job = painting(commission).job
    assert job is not None
    flag = generation.Flag(kind=FlagKind.EXPLICIT, score=0.9)
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=Job.State.SUCCEEDED, finished_at=timezone.now())
        held.finish(job, waves(1), generation.Screening(phash=1, explicit=0.9, flags=(flag,)))
    services.show_proof(job_id=job.pk)
    page = read(visitor.get(address))
    assert "A curator looks at it first" in page.html
    assert step_now(page) == "Being painted"
    assert page.all("form", action=f"{address}cancel/")
    assert not page.all("form", action=f"{address}accept/")
    assert "With a curator" in read(visitor.get("/commissions/")).html
    assert not [file for file in Artwork.objects.get(job=job).files.all() if file.sha256 in page.html]
    visitor.post(f"{address}cancel/")
    assert again(commission).state == State.CANCELLED
