"""The operations page: for staff alone, true, and able to act."""

from collections.abc import Callable

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from generation import services
from generation.models import Job
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(client: Client, make_user: Callable[..., User]) -> Client:
    client.force_login(make_user(is_staff=True))
    return client


def ask(owner: User, **parameters: object) -> Job:
    return services.submit_job(owner=owner, engine="toy", parameters={"size": 16, **parameters})


def test_the_page_is_for_staff_alone(client: Client, user: User) -> None:
    assert client.get("/operations/").status_code == 302
    client.force_login(user)
    assert client.get("/operations/").status_code == 404
    assert client.post(reverse("operations-cancel", args=[ask(user).pk])).status_code == 404


def test_an_empty_house_says_that_nobody_is_at_work(staff: Client) -> None:
    page = staff.get("/operations/").content.decode()
    assert "No worker has been heard of" in page
    assert "None that is remembered." in page


def test_queues_workers_works_and_failures_are_shown(staff: Client, user: User) -> None:
    ask(user, behaviour="fault")
    run_next_batch("cpu")
    running = ask(user)
    services.lease_jobs(queue="cpu", worker="h:1", host="h", device="cuda:0")
    ask(user)
    said = {"host": "h", "queues": ["cpu"], "device": "cuda:0", "memory_used": 5_000_000, "memory_total": 9_000_000}
    services.note_worker(name="h:1", **said, engines=["toy"], samples=[])
    token = Job.objects.get(pk=running.pk).lease_token
    assert token is not None
    half = {"progress": 0.4, "stage": "Half of it", "preview_key": "stages/ab/cd/x.webp"}
    services.report_progress(job_id=running.pk, token=token, **half)  # type: ignore[arg-type]  # of several types

    page = staff.get("/operations/").content.decode()

    for shown in (
        "engine-fault",
        "The brush broke.",
        "Half of it",
        "stages/ab/cd/x.webp",
        "cuda:0",
        "h:1",
        "Person",
        "4.8\xa0MB of 8.6\xa0MB",
        "Run again",
    ):
        assert shown in page
    board = staff.get("/operations/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in board
    assert "Half of it" in board


def test_the_page_asks_a_bounded_number_of_questions(
    staff: Client, user: User, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(12):
        ask(user)
    services.lease_jobs(queue="cpu", worker="h:1", host="h", device="cpu")
    with django_assert_max_num_queries(18):  # type: ignore[attr-defined]
        staff.get("/operations/", headers={"HX-Request": "true"})


def test_staff_call_off_and_run_again(staff: Client, user: User) -> None:
    job = ask(user)
    assert staff.post(reverse("operations-cancel", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"
    staff.post(reverse("operations-requeue", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == "queued"
    refused = staff.post(reverse("operations-requeue", args=[job.pk]), follow=True)
    assert "Only failed and cancelled jobs" in refused.content.decode()


def test_what_was_done_is_said_beside_the_board_and_the_page_stays(staff: Client, user: User) -> None:
    htmx, job = {"HX-Request": "true"}, ask(user)
    board = staff.post(reverse("operations-cancel", args=[job.pk]), headers=htmx, follow=True).content.decode()
    assert '<div id="said" hx-swap-oob="innerHTML"><p class="alert good">The job is called off.</p></div>' in board
    assert "<header" not in board
    assert "hx-swap-oob" not in staff.get("/operations/", headers=htmx).content.decode()


def test_without_scripts_the_page_renews_itself_and_its_buttons_are_forms(staff: Client, user: User) -> None:
    job = ask(user)
    services.lease_jobs(queue="cpu", worker="h:1", host="h", device="cpu")
    page = staff.get("/operations/").content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'<form method="post" action="{reverse("operations-cancel", args=[job.pk])}"' in page
    said = staff.post(reverse("operations-cancel", args=[job.pk]), follow=True).content.decode()
    assert "The job is called off." in said
    assert "called off</span>" in said


def test_dead_letters_and_events_told_in_vain_are_shown(staff: Client, user: User) -> None:
    job = ask(user, behaviour="fault")
    run_next_batch("cpu")
    Job.objects.filter(pk=job.pk).update(dead_at=Now())
    OutboxEvent.objects.create(topic="job.failed", subject_id=str(job.pk), attempts=3, last_error="KeyError: 'purse'")
    page = staff.get("/operations/").content.decode()
    assert "failed, dead letter" in page
    assert reverse("admin:generation_deadletter_changelist") in page
    assert "KeyError: &#x27;purse&#x27;" in page


def test_staff_find_the_page_and_others_are_not_told_of_it(
    staff: Client, user: User, signed_in: Callable[[User], Client]
) -> None:
    assert 'href="/operations/"' in staff.get("/").content.decode()
    assert 'href="/operations/"' in staff.get(reverse("admin:index")).content.decode()
    assert "/operations/" not in signed_in(user).get("/").content.decode()


def test_acting_needs_the_pages_own_token(make_user: Callable[..., User], user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user(is_staff=True))
    assert strict.post(reverse("operations-cancel", args=[ask(user).pk])).status_code == 403
