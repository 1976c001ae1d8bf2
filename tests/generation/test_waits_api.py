"""The estimate of the wait over HTTP: of one job, of many, and in the stream of its events."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from generation import services
from generation.models import Job
from tests.generation.test_waits import has_taken, hire, is_running

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]


def test_a_job_says_how_long_it_will_wait_until_it_is_over(api: APIClient, submit: Submit) -> None:
    has_taken(submit, 10.0)
    hire("h:1")
    submit()
    answer = api.post(reverse("api-jobs"), {"engine": "toy"}, format="json")
    wait = answer.json()["estimated_wait"]
    assert wait == {
        "position": 1, "seconds": pytest.approx(10, abs=0.3), "ready_in": pytest.approx(20, abs=0.6), "workers": 1,
    }  # fmt: skip
    job = Job.objects.get(pk=answer.json()["id"])
    is_running(job, since=8.0, progress=0.8)
    address = reverse("api-job", args=[job.pk])
    assert api.get(address).json()["estimated_wait"] == {
        "position": 0, "seconds": 0.0, "ready_in": pytest.approx(2, abs=1), "workers": 1,
    }  # fmt: skip
    services.cancel_job(job_id=job.pk)
    services.stop_job(job_id=job.pk, token=job.lease_token)  # type: ignore[arg-type]  # it is running
    assert api.get(address).json()["estimated_wait"] is None


def test_a_list_says_it_of_each_and_asks_no_more_often(api: APIClient, submit: Submit) -> None:
    has_taken(submit, 10.0)
    hire("h:1")
    submit()
    address = reverse("api-jobs")
    api.get(address)
    with CaptureQueriesContext(connection) as few:
        api.get(address)
    for _ in range(10):
        submit()
    with CaptureQueriesContext(connection) as many:
        jobs = api.get(address).json()["results"]
    assert len(many) == len(few)
    assert [job["estimated_wait"] and job["estimated_wait"]["position"] for job in jobs] == [*range(10, -1, -1), None]


def test_what_nobody_can_tell_is_null(api: APIClient, submit: Submit) -> None:
    job = submit()
    shown = api.get(reverse("api-job", args=[job.pk])).json()["estimated_wait"]
    assert shown == {"position": 0, "seconds": None, "ready_in": None, "workers": 0}
