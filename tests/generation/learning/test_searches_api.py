"""Searches over HTTP."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from generation import services
from generation.models import Dataset, Search, Training
from marketplace.accounts.models import Artist, User
from marketplace.accounts.services import create_token
from tests.generation.learning.searching import finish, frozen_rows, lease, tell

pytestmark = pytest.mark.django_db

BASE = "/api/v1/searches/"


@pytest.fixture
def rows(artist: Artist) -> Dataset:
    return frozen_rows(artist)


def asked(rows: Dataset, **more: object) -> dict[str, object]:
    usual = {"dataset": str(rows.pk), "engine": "train-bowl", "name": "Bowl", "planned": 3, "trial_minutes": 0.1}
    return {**usual, "seed": 5, **more}


def test_a_search_from_its_beginning_to_the_model(api: APIClient, rows: Dataset) -> None:
    begun = api.post(BASE, asked(rows, parameters={"minutes": 20}), format="json")
    assert begun.status_code == 201
    assert (begun.json()["state"], begun.json()["trials"], begun.json()["best"]) == ("running", [], None)
    assert begun.json()["space"] == {"depth": {"kind": "range", "low": 0.0, "high": 1.0, "log": False, "whole": False}}
    address = f"{BASE}{begun.json()['id']}/"
    early = api.post(f"{address}train/")
    assert (early.status_code, early.json()["code"]) == (409, "search-found-nothing")

    tell()
    for _ in range(3):
        finish(lease())

    read = api.get(address)
    assert (read.json()["state"], read.json()["begun"]) == ("finished", 3)
    values = [trial["value"] for trial in read.json()["trials"]]
    assert read.json()["best"]["value"] == read.json()["best_value"] == min(values)
    assert read.json()["trials"][0]["curve"][-1] == {"images": 100.0, "value": values[0]}
    assert [row["id"] for row in api.get(BASE).json()["results"]] == [begun.json()["id"]]
    assert api.get(BASE, {"state": "running"}).json()["results"] == []

    trained, again = (api.post(f"{address}train/") for _ in range(2))
    assert (trained.status_code, again.json()) == (201, trained.json())
    training = Training.objects.get(pk=trained.json()["training"])
    assert training.job.parameters["depth"] == read.json()["best"]["parameters"]["depth"]
    assert training.job.parameters["minutes"] == 20


def test_the_same_idempotency_key_begins_once(api: APIClient, rows: Dataset) -> None:
    answers = [api.post(BASE, asked(rows), format="json", headers={"Idempotency-Key": "a"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Search.objects.count() == 1


def test_bad_input_names_its_fields(api: APIClient, rows: Dataset) -> None:
    refused = api.post(BASE, asked(rows, space={"depth": {"low": 2}, "gone": {}}), format="json")
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {"space.depth", "space.gone"}
    assert api.post(BASE, {}, format="json").status_code == 422


def test_a_second_search_waits_for_the_first_which_can_be_stopped(api: APIClient, rows: Dataset) -> None:
    first = api.post(BASE, asked(rows), format="json")
    refused = api.post(BASE, asked(rows), format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "search-running")
    stopped = api.post(f"{BASE}{first.json()['id']}/stop/")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")


def test_nobody_else_sees_it_and_a_token_needs_its_scope(
    api: APIClient, rows: Dataset, artist: Artist, client_of: Callable[[User], APIClient],
    make_user: Callable[..., User],
) -> None:  # fmt: skip
    search = services.start_search(owner=artist.user, dataset_id=rows.pk, engine="train-bowl", name="Bowl")
    stranger = client_of(make_user())
    assert stranger.get(f"{BASE}{search.pk}/").status_code == 404
    assert stranger.post(f"{BASE}{search.pk}/stop/").status_code == 404
    assert stranger.get(BASE).json()["results"] == []
    assert APIClient().get(BASE).status_code == 401
    _, secret = create_token(user=artist.user, name="reader", scopes=["read"], expires_in=None)
    reader = APIClient(headers={"Authorization": f"Bearer {secret}"})
    assert reader.get(f"{BASE}{search.pk}/").status_code == 200
    assert reader.post(f"{BASE}{search.pk}/stop/").status_code == 403
