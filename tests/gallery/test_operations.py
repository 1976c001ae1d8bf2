"""The operations page: for staff alone, true, and able to act."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from generation import services
from generation.models import Job
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User

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
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
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


def test_acting_needs_the_pages_own_token(make_user: Callable[..., User], user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user(is_staff=True))
    assert strict.post(reverse("operations-cancel", args=[ask(user).pk])).status_code == 403
