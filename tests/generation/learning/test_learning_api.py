"""Trainings and models over HTTP: begun, watched, stopped, resumed; shown, named, published, withdrawn, used."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from rest_framework.test import APIClient

from generation import services
from generation.models import Artwork, Dataset, Job, TrainedModel, Training
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from tests.generation.learning.conftest import SMALL
from tests.marketplace.accounts.people import curator

pytestmark = pytest.mark.django_db(transaction=True)

TRAININGS, MODELS, JOBS = "/api/v1/trainings/", "/api/v1/models/", "/api/v1/jobs/"


def post(api: APIClient, address: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
    answer = api.post(address, body, format="json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.fixture
def wanted(frozen: Dataset) -> dict[str, Any]:
    return {"dataset": str(frozen.pk), "engine": "train-toy", "name": "Colour", "parameters": SMALL, "seed": 3}


def test_a_training_is_begun_once_watched_and_read_when_it_is_over(api: APIClient, wanted: dict[str, Any]) -> None:
    begun = post(api, TRAININGS, wanted, status=201, **{"Idempotency-Key": "one"})
    assert post(api, TRAININGS, wanted, status=201, **{"Idempotency-Key": "one"}) == begun
    assert (begun["state"], begun["images"], begun["model"], begun["curve"]) == ("queued", 0, None, [])
    assert begun["parameters"]["images"] == 160
    assert begun["estimated_wait"]["position"] == 0
    run_next_batch("cpu")

    over = api.get(f"{TRAININGS}{begun['id']}/").json()
    assert (over["state"], over["images"], over["reason"], over["error"]) == ("succeeded", 160, "images", None)
    assert over["curve"][-1].keys() == {"images", "seconds", "error", "validation"}
    assert over["model"] == str(TrainedModel.objects.get().pk)
    assert httpx.get(over["logs_url"]).content.startswith(b"PK")
    (listed,) = api.get(TRAININGS).json()["results"]
    assert (listed["id"], "curve" in listed) == (begun["id"], False)


def test_a_training_is_stopped_and_its_mistakes_are_named(api: APIClient, wanted: dict[str, Any]) -> None:
    begun = post(api, TRAININGS, wanted, status=201)
    assert post(api, f"{TRAININGS}{begun['id']}/stop/")["state"] == "cancelled"
    assert post(api, f"{TRAININGS}{begun['id']}/resume/", status=409)["code"] == "training-not-resumable"
    for change, field in (
        ({"engine": "toy"}, "engine"),
        ({"parameters": {"minutes": -1}}, "parameters.minutes"),
        ({"name": ""}, "name"),
    ):
        assert field in post(api, TRAININGS, wanted | change, status=422)["errors"]
    assert post(api, TRAININGS, wanted | {"dataset": str(uuid4())}, status=404)["code"] == "not-found"


def test_others_see_nothing_of_a_training(
    api: APIClient, wanted: dict[str, Any], make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    begun = post(api, TRAININGS, wanted, status=201)
    stranger = client_of(make_user())
    assert stranger.get(f"{TRAININGS}{begun['id']}/").status_code == 404
    assert stranger.post(f"{TRAININGS}{begun['id']}/stop/").status_code == 404
    assert stranger.get(TRAININGS).json()["results"] == []
    assert APIClient().get(TRAININGS).status_code == 401


def test_a_model_is_private_until_it_is_published(
    api: APIClient, model: TrainedModel, client: Any, client_of: Callable[[User], APIClient]
) -> None:
    at = f"{MODELS}{model.pk}/"
    assert client.get(at).status_code == 404
    assert client.get(MODELS).json()["results"] == []
    post(api, f"{at}publish/")
    shown = client.get(at).json()
    assert (shown["state"], shown["samples"]["seeds"], shown["engines"]) == ("published", 64, ["toy-model"])
    assert httpx.get(shown["samples"]["url"]).headers["content-type"] == "image/webp"
    assert shown["card"]["dataset"]["consents"] == {"own": 20}
    assert shown["measures"].keys() == {"fid", "kid", "precision", "recall", "nearness"} or shown["measures"] == {}
    assert (shown["training"], api.get(at).json()["training"]) == (None, str(model.training_id))
    for found, query in ((1, "?artist=ada&kind=toy"), (0, "?artist=eve"), (0, "?kind=gan")):
        assert len(client.get(f"{MODELS}{query}").json()["results"]) == found


def test_an_artist_says_what_a_model_paints(api: APIClient, model: TrainedModel, client: Any) -> None:
    at = f"{MODELS}{model.pk}/"
    said = {"description": "Colours.", "directions": [{"number": 2, "name": "warmth"}, {"number": 0, "name": "light"}]}
    shown = api.patch(at, said, format="json").json()
    assert shown["description"] == "Colours."
    assert shown["directions"] == [{"number": 0, "name": "light"}, {"number": 2, "name": "warmth"}]
    twice = {"directions": [{"number": 0, "name": "light"}, {"number": 0, "name": "dark"}]}
    refused = api.patch(at, twice, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["directions"])
    assert client.patch(at, said, content_type="application/json").status_code == 401


def test_works_are_made_with_what_is_open_and_with_nothing_else(
    api: APIClient, model: TrainedModel, make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    wanted = {"engine": "toy-model", "model": str(model.pk), "seed": 42}
    others = client_of(make_user())
    assert post(others, JOBS, wanted, status=404)["code"] == "not-found"
    assert post(api, JOBS, wanted, status=201)["model"] == str(model.pk)  # its artist tries it out

    post(api, f"{MODELS}{model.pk}/publish/")
    jobs = post(others, f"{JOBS}variations/", wanted | {"count": 2}, status=201)["jobs"]
    assert [job["seed"] for job in jobs] == [42, 43]
    while run_next_batch("cpu"):
        pass
    work = Artwork.objects.get(job_id=jobs[0]["id"])
    assert (work.style_artist, work.model_hash) == (model.artist, model.model_hash)

    post(api, f"{MODELS}{model.pk}/deprecate/")
    assert post(others, JOBS, wanted, status=409)["code"] == "model-unavailable"
    post(api, JOBS, wanted, status=201)
    post(api, f"{MODELS}{model.pk}/withdraw/")
    assert post(api, JOBS, wanted, status=409)["code"] == "model-unavailable"
    assert Artwork.objects.filter(job_id=jobs[0]["id"]).exists()
    assert post(api, f"{MODELS}{model.pk}/restore/")["state"] == "deprecated"
    for missing in ({"engine": "toy-model"}, {"engine": "toy", "model": str(model.pk)}):
        assert list(post(api, JOBS, missing, status=422)["errors"]) == ["model"]


def test_the_house_withdraws_and_says_why(
    api: APIClient, model: TrainedModel, client_of: Callable[[User], APIClient]
) -> None:
    house, at = client_of(curator()), f"{MODELS}{model.pk}/"
    assert list(post(house, f"{at}withdraw/", status=422)["errors"]) == ["reason"]
    withdrawn = post(house, f"{at}withdraw/", {"reason": "Somebody else's pictures."})
    assert (withdrawn["state"], withdrawn["withdrawn_by_house"]) == ("withdrawn", True)
    assert api.get(at).json()["withdrawn_reason"] == "Somebody else's pictures."
    assert post(api, f"{at}restore/", status=403)["code"] == "permission-refused"
    assert post(house, f"{at}restore/")["state"] == "draft"


def test_a_dataset_takes_its_models_along_and_brings_them_back(
    api: APIClient, model: TrainedModel, artist: Artist, frozen: Dataset
) -> None:
    services.publish_model(model_id=model.pk, by=artist.user)
    post(api, f"/api/v1/datasets/{frozen.pk}/withdraw/")
    gone = api.get(f"{MODELS}{model.pk}/").json()
    assert (gone["state"], gone["withdrawn_with_dataset"]) == ("withdrawn", True)
    assert post(api, f"{MODELS}{model.pk}/restore/", status=409)["code"] == "model-fixed"
    post(api, f"/api/v1/datasets/{frozen.pk}/restore/")
    assert api.get(f"{MODELS}{model.pk}/").json()["state"] == "published"


def test_engines_say_what_they_train_and_run(client: Any) -> None:
    engines = {engine["name"]: engine for engine in client.get("/api/v1/engines/").json()}
    assert (engines["train-gan"]["trains"], engines["train-gan"]["medium"]) == ("gan", None)
    assert engines["gan"]["runs_models"] == ["gan"]
    assert Job.objects.count() == Training.objects.count() == 0
