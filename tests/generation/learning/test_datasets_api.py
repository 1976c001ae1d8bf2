"""Datasets over HTTP, from the first announcement to the frozen version and the next."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from rest_framework.test import APIClient

from generation.models import Dataset, DatasetPicture
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from tests.generation.learning.conftest import Add, painted, settle, zipped
from tests.marketplace.accounts.people import bearer

pytestmark = pytest.mark.django_db

DATASETS = "/api/v1/datasets/"


@pytest.fixture
def at(dataset: Dataset) -> str:
    return f"{DATASETS}{dataset.pk}/"


@pytest.fixture
def send(api: APIClient, at: str) -> Callable[..., list[str]]:
    """Announce, PUT and confirm pictures; they are not looked at yet."""

    def make(files: dict[str, bytes], **said: str) -> list[str]:
        listed = [
            {"filename": name, "media_type": "image/png", "size": len(data), "class_name": name.rpartition("/")[0]}
            for name, data in files.items()
        ]
        answer = post(api, f"{at}pictures/", {"files": listed, "consent": "own"} | said)
        for ticket, data in zip(answer["files"], files.values(), strict=True):
            put(ticket, data)
        ids = [ticket["id"] for ticket in answer["files"]]
        assert post(api, f"{at}confirm/", {"pictures": ids}, status=200) == {"waiting": len(ids)}
        return ids

    return make


def post(api: APIClient, address: str, body: Any = None, *, status: int = 201) -> Any:
    answer = api.post(address, body, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


def put(ticket: dict[str, Any], data: bytes) -> None:
    upload = ticket["upload"]
    httpx.request(upload["method"], upload["url"], headers=upload["headers"], content=data).raise_for_status()


def test_an_artist_begins_describes_and_deletes_a_dataset(api: APIClient, artist: Artist) -> None:
    begun = post(api, DATASETS, {"name": "Harbours", "description": "Ink."})
    assert (begun["state"], begun["version"], begun["usable"], begun["summary"]["states"]) == ("draft", 1, 0, {})
    at = f"{DATASETS}{begun['id']}/"
    assert api.patch(at, {"name": "Ports"}, format="json").json()["name"] == "Ports"
    assert [one["name"] for one in api.get(DATASETS).json()["results"]] == ["Ports"]
    assert api.delete(at).status_code == 204
    assert api.get(at).status_code == 404


def test_only_artists_begin_datasets(api: APIClient) -> None:
    problem = post(api, DATASETS, {"name": "Harbours"}, status=403)
    assert "artist" in problem["detail"]


@pytest.mark.parametrize("name", ["", "Patterns", "x" * 81])
def test_a_bad_name_is_refused_with_its_field(api: APIClient, dataset: Dataset, name: str) -> None:
    assert "name" in post(api, DATASETS, {"name": name}, status=422)["errors"]


def test_pictures_are_sent_looked_at_and_listed(api: APIClient, at: str, send: Callable[..., list[str]]) -> None:
    files = {"sea/1.png": painted(1), "sea/2.png": b"no picture", "sky/3.png": painted(3), "sky/4.png": painted(3)}
    send(files, consent="licensed", licence="CC BY 4.0", source="example.org")
    settle()

    listed = {one["filename"]: one for one in api.get(f"{at}pictures/").json()["results"]}
    assert {name: one["state"] for name, one in listed.items()} == {
        "sea/1.png": "ready", "sea/2.png": "broken", "sky/3.png": "ready", "sky/4.png": "duplicate",
    }  # fmt: skip
    assert listed["sea/2.png"]["problem"]["code"] == "upload-not-an-image"
    assert listed["sky/4.png"]["twin"] == listed["sky/3.png"]["id"]
    first = listed["sea/1.png"]
    assert (first["class_name"], first["consent"], first["licence"], first["source"]) == (
        "sea", "licensed", "CC BY 4.0", "example.org",
    )  # fmt: skip
    for address in (first["preview_url"], first["picture_url"]):
        assert httpx.get(address).content[8:12] == b"WEBP"
    assert listed["sea/2.png"]["preview_url"] == ""

    summary = api.get(at).json()["summary"]
    assert summary["states"] == {"ready": 2, "broken": 1, "duplicate": 1}
    assert (summary["classes"], summary["consents"]) == ({"sea": 1, "sky": 1}, {"licensed": 2})
    assert (summary["problems"], summary["augmentation"]) == ({"upload-not-an-image": 1}, "full")


def test_the_list_is_filtered(api: APIClient, at: str, send: Callable[..., list[str]]) -> None:
    send({"sea/1.png": painted(1), "sky/2.png": painted(2), "sky/3.png": b"no picture"})
    settle()
    split = DatasetPicture.objects.get(filename="sky/2.png").split

    def names(query: str) -> set[str]:
        return {one["filename"] for one in api.get(f"{at}pictures/?{query}").json()["results"]}

    assert names("state=broken") == {"sky/3.png"}
    assert names("class_name=sky") == {"sky/2.png", "sky/3.png"}
    assert names(f"split={split}&class_name=sky") == {"sky/2.png"}
    assert api.get(f"{at}pictures/?state=odd").status_code == 422


def test_a_zip_is_sent_and_unpacked(api: APIClient, at: str) -> None:
    data = zipped({"works/sea/1.png": painted(1), "works/sky/2.png": painted(2), "works/sky/3.gif": b"GIF89a"})
    file = {"filename": "works.zip", "media_type": "application/zip", "size": len(data)}
    ticket = post(api, f"{at}archives/", {"file": file, "consent": "own"})
    put(ticket, data)
    post(api, f"{at}confirm/", {"archives": [ticket["id"]]}, status=200)
    settle()
    (archive,) = api.get(f"{at}archives/").json()["results"]
    assert (archive["state"], archive["problem"]) == ("unpacked", None)
    summary = api.get(at).json()["summary"]
    assert (summary["states"], summary["classes"]) == ({"ready": 2, "broken": 1}, {"sea": 1, "sky": 1})


def test_pictures_are_removed_one_by_one_and_by_their_state(
    api: APIClient, at: str, send: Callable[..., list[str]]
) -> None:
    one, *_ = send({"1.png": painted(1), "2.png": b"bad", "3.png": b"worse", "4.png": painted(4)})
    settle()
    assert api.delete(f"{at}pictures/{one}/").status_code == 204
    assert api.delete(f"{at}pictures/{one}/").status_code == 404
    assert api.delete(f"{at}pictures/?state=broken").status_code == 204
    assert api.get(at).json()["summary"]["states"] == {"ready": 1}
    assert api.delete(f"{at}pictures/?state=ready").status_code == 422


def test_what_is_being_looked_at_is_not_removed(api: APIClient, at: str, send: Callable[..., list[str]]) -> None:
    (one,) = send({"1.png": painted(1)})
    assert api.delete(f"{at}pictures/{one}/").json()["code"] == "dataset-busy"


def test_bad_announcements_name_what_is_wrong(api: APIClient, at: str) -> None:
    good = {"filename": "1.png", "media_type": "image/png", "size": 10}
    gif = good | {"media_type": "image/gif"}
    answer = post(api, f"{at}pictures/", {"files": [good, gif], "consent": "own"}, status=422)
    assert list(answer["errors"]) == ["files.1.media_type"]
    assert "consent" in post(api, f"{at}pictures/", {"files": [good], "consent": "found"}, status=422)["errors"]
    assert "licence" in post(api, f"{at}pictures/", {"files": [good], "consent": "licensed"}, status=422)["errors"]
    assert "files" in post(api, f"{at}pictures/", {"files": [good] * 501, "consent": "own"}, status=422)["errors"]
    assert "media_type" in post(api, f"{at}archives/", {"file": good, "consent": "own"}, status=422)["errors"]
    assert not DatasetPicture.objects.exists()


def test_a_dataset_is_frozen_revised_and_withdrawn(api: APIClient, dataset: Dataset, at: str, add: Add) -> None:
    assert post(api, f"{at}freeze/", status=409)["code"] == "dataset-too-small"
    add(*(painted(number) for number in range(10)))
    assert post(api, f"{at}freeze/", status=200)["state"] == "freezing"
    settle()
    frozen = api.get(at).json()
    assert (frozen["state"], frozen["usable"]) == ("frozen", 10)
    assert sum(frozen["summary"]["splits"].values()) == 10

    assert api.patch(at, {"description": "New"}, format="json").json()["code"] == "dataset-not-open"
    revised = post(api, f"{at}revise/")
    assert (revised["version"], revised["state"], revised["usable"]) == (2, "draft", 10)
    assert post(api, f"{at}revise/")["id"] == revised["id"]
    renamed = api.patch(f"{DATASETS}{revised['id']}/", {"name": "Other"}, format="json")
    assert "name" in renamed.json()["errors"]
    assert post(api, f"{at}withdraw/", status=200)["state"] == "withdrawn"
    assert post(api, f"{at}withdraw/", status=200)["state"] == "withdrawn"


def test_a_duplicate_is_kept_on_request(api: APIClient, at: str, add: Add) -> None:
    add(painted(1))
    (again,) = add(painted(1))
    assert post(api, f"{at}pictures/{again}/keep/", status=422)["code"] == "invalid-input"
    assert post(api, f"{at}pictures/{uuid4()}/keep/", status=404)["code"] == "not-found"


def test_nobody_else_sees_or_changes_it(
    at: str, add: Add, make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    (picture,) = add(painted(1))
    stranger = client_of(make_user())
    for address in (at, f"{at}pictures/", f"{at}archives/", f"{at}pictures/{picture}/"):
        assert stranger.get(address).status_code == 404
    for address in ("freeze/", "revise/", "withdraw/", f"pictures/{picture}/keep/"):
        assert stranger.post(f"{at}{address}").status_code == 404
    assert stranger.delete(f"{at}pictures/{picture}/").status_code == 404


def test_a_token_needs_its_scope(at: str, artist: Artist) -> None:
    _, reading = accounts.create_token(user=artist.user, name="r", scopes=["read"], expires_in=None)
    _, sending = accounts.create_token(user=artist.user, name="u", scopes=["read", "upload"], expires_in=None)
    assert bearer(reading).get(at).status_code == 200
    assert bearer(reading).post(f"{at}freeze/").status_code == 403
    assert bearer(sending).post(f"{at}freeze/").status_code == 409
