"""Engines, uploads, jobs and artworks over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from generation import services
from generation.models import Artwork, Job, Upload
from generation.worker.running import run_next_batch
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.core.storage import PresignedPut
from tests.generation.conftest import picture, put_file, wakes

pytestmark = pytest.mark.django_db(transaction=True)

Submit = Callable[..., Job]
ClientOf = Callable[[User], APIClient]


def with_token(person: User, *scopes: str) -> APIClient:
    _, secret = accounts.create_token(user=person, name="t", scopes=scopes, expires_in=None)
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


def test_anybody_reads_what_the_engines_offer() -> None:
    client = APIClient()
    engines = {engine["name"]: engine for engine in client.get(reverse("api-engines")).json()}
    assert {"arbitrary-style", "flow-field", "strange-attractor", "reaction-diffusion"} <= set(engines)
    style = client.get(reverse("api-engine", args=["arbitrary-style"])).json()
    assert style == engines["arbitrary-style"]
    asked = [(entry["name"], entry["required"]) for entry in style["inputs"]]
    assert asked == [("content", True), ("style", True), ("mask", False)]
    assert style["parameters"]["properties"]["strength"]["default"] == 1.0
    texture = client.get(reverse("api-engine", args=["texture"])).json()
    assert [(entry["name"], entry["required"]) for entry in texture["inputs"]] == [("exemplar", True)]
    assert texture["parameters"]["properties"]["shows"]["enum"] == [
        "colour", "height", "normal", "roughness", "occlusion",
    ]  # fmt: skip
    missing = client.get(reverse("api-engine", args=["none"]))
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")


def test_a_picture_goes_up_as_a_browser_sends_it(api: APIClient) -> None:
    data = picture()
    asked = {"filename": "p.png", "media_type": "image/png", "size": len(data)}
    answer = api.post(reverse("api-uploads"), asked, format="json")
    assert answer.status_code == 201
    ticket = answer.json()
    assert (ticket["state"], ticket["upload"]["method"], ticket["problem"]) == ("pending", "PUT", None)

    put_file(PresignedPut(url=ticket["upload"]["url"], headers=ticket["upload"]["headers"]), data)
    done = api.post(reverse("api-upload-complete", args=[ticket["id"]]))

    assert (done.status_code, done.json()["state"], done.json()["width"]) == (200, "ready", 40)
    assert api.get(reverse("api-upload", args=[ticket["id"]])).json()["sha256"] == done.json()["sha256"]


def test_a_bad_picture_comes_back_as_a_problem(api: APIClient, send: Callable[..., Upload]) -> None:
    upload = send(b"<html>", "image/jpeg")
    answer = api.post(reverse("api-upload-complete", args=[upload.pk]))
    assert (answer.status_code, answer.json()["code"]) == (422, "upload-not-an-image")
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = api.get(reverse("api-upload", args=[upload.pk])).json()["problem"]
    assert problem["code"] == "upload-not-an-image"


def test_a_job_is_asked_for_watched_and_becomes_a_work(api: APIClient, send: Callable[..., Upload], user: User) -> None:
    upload = send(picture())
    services.complete_upload(upload_id=upload.pk, owner=user)
    asked: dict[str, Any] = {
        "engine": "toy", "parameters": {"size": 32}, "seed": 4, "title": "Noise",
        "inputs": [{"name": "picture", "upload": str(upload.pk)}],
    }  # fmt: skip
    answer = api.post(reverse("api-jobs"), asked, format="json")
    job = answer.json()
    assert (answer.status_code, job["state"], job["seed"], job["artwork"]) == (201, "queued", 4, None)
    assert job["events_url"] == reverse("api-job-events", args=[job["id"]])
    assert "key" not in job["inputs"][0]

    run_next_batch("cpu")

    done = api.get(reverse("api-job", args=[job["id"]])).json()
    assert (done["state"], done["progress"], done["error"]) == ("succeeded", 1.0, None)
    work = api.get(reverse("api-artwork", args=[done["artwork"]])).json()
    assert (work["title"], work["recipe"]["seed"], len(work["files"])) == ("Noise", 4, 4)
    assert work["original_url"].startswith("http")
    again = {"engine": "toy", "inputs": [{"name": "picture", "artwork": work["id"]}]}
    assert api.post(reverse("api-jobs"), again, format="json").status_code == 201


def test_the_same_idempotency_key_asks_for_one_job(api: APIClient) -> None:
    headers = {"Idempotency-Key": "once"}
    first = api.post(reverse("api-jobs"), {"engine": "toy"}, format="json", headers=headers)
    second = api.post(reverse("api-jobs"), {"engine": "toy"}, format="json", headers=headers)
    other = api.post(reverse("api-jobs"), {"engine": "toy", "seed": 1}, format="json", headers=headers)

    assert (first.json(), second.headers["Idempotent-Replayed"]) == (second.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert wakes() == [first.json()["id"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"engine": "toy", "parameters": {"size": "large"}}, "parameters.size"),
        ({"engine": "nothing"}, "engine"),
        ({"engine": "toy", "inputs": [{"name": "picture"}]}, "inputs"),
        ({"engine": "toy", "seed": 2**53}, "seed"),
        ({}, "engine"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_by_field(api: APIClient, asked: dict[str, Any], field: str) -> None:
    answer = api.post(reverse("api-jobs"), asked, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert list(answer.json()["errors"]) == [field]


def test_jobs_are_seen_by_their_owner_and_staff_alone(
    submit: Submit, client_of: ClientOf, make_user: Callable[..., User], api: APIClient
) -> None:
    job = submit()
    stranger, staff = client_of(make_user()), client_of(make_user(is_staff=True))
    assert stranger.get(reverse("api-job", args=[job.pk])).status_code == 404
    assert stranger.post(reverse("api-job-cancel", args=[job.pk])).status_code == 404
    assert stranger.get(reverse("api-jobs")).json()["results"] == []
    assert staff.get(reverse("api-job", args=[job.pk])).status_code == 200
    assert APIClient().get(reverse("api-jobs")).status_code == 401
    assert [entry["id"] for entry in api.get(reverse("api-jobs"), {"state": "queued"}).json()["results"]] == [
        str(job.pk)
    ]
    assert api.get(reverse("api-jobs"), {"state": "failed"}).json()["results"] == []
    cancelled = api.post(reverse("api-job-cancel", args=[job.pk]))
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")


def test_a_token_does_only_what_its_scopes_say(user: User) -> None:
    reader = with_token(user, "read")
    assert reader.get(reverse("api-jobs")).status_code == 200
    assert reader.post(reverse("api-jobs"), {"engine": "toy"}, format="json").status_code == 403
    assert with_token(user, "upload").get(reverse("api-jobs")).status_code == 403
    spender = with_token(user, "commission")
    assert spender.post(reverse("api-jobs"), {"engine": "toy"}, format="json").status_code == 201


def test_the_wall_is_filtered_and_keeps_its_originals(
    make_artwork: Callable[..., Artwork], user: User, make_user: Callable[..., User], api: APIClient
) -> None:
    Artist.objects.create(user=user, slug="ada", name="Ada")
    works = [make_artwork(User.objects.get(pk=user.pk)), make_artwork(make_user())]
    curator = make_user(is_superuser=True)
    for work in works:
        services.hang_artwork(artwork_id=work.pk, curator=curator)
    client = APIClient()

    def found(**filters: str) -> list[str]:
        return [work["id"] for work in client.get(reverse("api-artworks"), filters).json()["results"]]

    assert found() == [str(works[1].pk), str(works[0].pk)]
    assert found(artist="ada") == [str(works[0].pk)]
    assert found(engine="toy", medium="image") == found()
    assert found(engine="flow-field") == found(medium="audio") == []

    page = reverse("api-artwork", args=[works[0].pk])
    assert client.get(page).json()["original_url"] is None
    assert client.get(page).json()["artist"] == {"slug": "ada", "name": "Ada"}
    assert api.get(page).json()["original_url"]
    assert with_token(user, "upload").get(page).json()["original_url"] is None


def test_variations_are_asked_for_together_and_once(api: APIClient) -> None:
    asked = {"engine": "toy", "parameters": {"size": 16}, "seed": 3, "count": 3}
    first = api.post(reverse("api-job-variations"), asked, format="json", headers={"Idempotency-Key": "v"})
    again = api.post(reverse("api-job-variations"), asked, format="json", headers={"Idempotency-Key": "v"})
    assert first.status_code == 201
    assert [job["seed"] for job in first.json()["jobs"]] == [3, 4, 5]
    assert again.json() == first.json()
    assert Job.objects.count() == 3
    refused = api.post(reverse("api-job-variations"), {**asked, "count": 65}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["count"])
