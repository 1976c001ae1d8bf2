"""The curators' queue over HTTP, and what the owner of a held picture is told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image
from rest_framework.test import APIClient

from generation import services
from generation.models import Artwork, Upload
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from tests.generation import held
from tests.generation.conftest import encoded
from tests.generation.moderation import magenta
from tests.generation.moderation.pictures import waves

pytestmark = pytest.mark.django_db(transaction=True)
REVIEWS = "/api/v1/reviews/"
EXPLICIT = Image.new("RGB", (256, 256), magenta.MAGENTA)


@pytest.fixture(autouse=True)
def magenta_is_explicit(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": magenta.PATH})


@pytest.fixture
def judge(make_user: Callable[..., User]) -> User:
    return held.make_curator(make_user(display_name="Judith"))


@pytest.fixture
def desk(judge: User, client_of: Callable[[User], APIClient]) -> APIClient:
    """The API as a curator has it."""
    return client_of(judge)


@pytest.fixture
def artwork(user: User) -> Artwork:
    return held.work(user, EXPLICIT)


def seen(api: APIClient, artwork: Artwork) -> dict[str, Any]:
    return dict(api.get(f"/api/v1/artworks/{artwork.pk}/").json())


def post(desk: APIClient, review_id: object, act: str, **body: str) -> Any:
    return desk.post(f"{REVIEWS}{review_id}/{act}/", body, format="json")


def test_a_curator_sees_what_is_held_and_what_for(desk: APIClient, user: User, make_user: Callable[..., User]) -> None:
    hung = held.hung(make_user(), waves(1))
    artwork = held.work(user, waves(1))
    [shown] = desk.get(REVIEWS, {"state": "waiting"}).json()["results"]
    assert (shown["artwork"], shown["upload"], shown["kinds"]) == (str(artwork.pk), None, ["similar"])
    assert shown["reasons"] == [f"It looks like “{hung.title}” (0 of 64 bits differ)."]
    assert shown["resembles"] == {"id": str(hung.pk), "title": hung.title, "thumbnail_url": hung.thumbnail_url}
    assert (shown["sent_by"], shown["decided_by"], shown["can_be_undone"]) == (user.name, None, False)
    assert held.fetched(shown["picture_url"]) == 200
    assert desk.get(REVIEWS, {"state": "refused"}).json()["results"] == []


def test_the_owner_is_told_that_a_curator_looks_and_sees_no_picture(api: APIClient, artwork: Artwork) -> None:
    shown = seen(api, artwork)
    assert shown["review"] == {
        "state": "waiting", "reason": "A curator looks at it first, because it may be explicit.",
    }  # fmt: skip
    assert (shown["files"], shown["original_url"], shown["preview_url"], shown["thumbnail_url"]) == ([], None, "", "")
    assert shown["visibility"] == "held"
    job = api.get(f"/api/v1/jobs/{artwork.job_id}/").json()
    assert (job["state"], job["preview_url"], job["artwork"]) == ("succeeded", "", str(artwork.pk))


def test_after_refusal_the_owner_is_told_why(api: APIClient, desk: APIClient, artwork: Artwork) -> None:
    answer = post(desk, held.review_of(artwork).pk, "refuse", note="Not on our walls.").json()
    assert (answer["state"], answer["decided_by"], answer["can_be_undone"]) == ("refused", "Judith", True)
    assert seen(api, artwork)["review"] == {"state": "refused", "reason": "Not on our walls."}


def test_clearing_and_undoing(api: APIClient, desk: APIClient, artwork: Artwork) -> None:
    first = held.review_of(artwork).pk
    assert post(desk, first, "clear").json()["state"] == "cleared"
    cleared = seen(api, artwork)
    assert (cleared["review"], cleared["visibility"]) == (None, "private")
    assert held.fetched(cleared["preview_url"]) == 200
    again = post(desk, first, "undo").json()
    assert (again["state"], again["artwork"]) == ("waiting", str(artwork.pk))
    assert again["id"] != str(first)
    assert seen(api, artwork)["preview_url"] == ""
    assert desk.get(f"{REVIEWS}{first}/").status_code == 404
    assert post(desk, first, "undo").json()["code"] == "nothing-to-undo"
    post(desk, again["id"], "refuse")
    refused = post(desk, again["id"], "clear")
    assert (refused.status_code, refused.json()["code"]) == (409, "review-decided")


def test_nobody_else_gets_in(api: APIClient, artwork: Artwork, client_of: Callable[[User], APIClient]) -> None:
    review = held.review_of(artwork)
    for client, expected in ((api, 403), (APIClient(), 401)):
        assert client.get(REVIEWS).status_code == expected
        assert client.get(f"{REVIEWS}{review.pk}/").status_code == expected
        for act in ("clear", "refuse", "undo"):
            assert post(client, review.pk, act).status_code == expected
    assert APIClient().get(f"/api/v1/artworks/{artwork.pk}/").status_code == 404


def test_a_curators_token_needs_the_scope(judge: User, artwork: Artwork) -> None:
    for scopes, expected in ((["read"], 403), (["curate"], 200)):
        _, secret = accounts.create_token(user=judge, name="t", scopes=scopes, expires_in=None)
        client = APIClient(headers={"Authorization": f"Bearer {secret}"})
        assert client.get(REVIEWS).status_code == expected


def test_a_held_upload_says_so(api: APIClient, desk: APIClient, user: User, send: Callable[..., Upload]) -> None:
    upload = send(encoded(EXPLICIT))
    address = f"/api/v1/uploads/{upload.pk}/"
    shown = api.post(f"{address}complete/").json()
    assert (shown["state"], shown["picture_url"]) == ("held", "")
    assert shown["problem"]["code"] == "upload-held"
    given = {"engine": "toy", "inputs": [{"name": "picture", "upload": str(upload.pk)}]}
    refused = api.post("/api/v1/jobs/", given, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload-held")
    review = services.complete_upload(upload_id=upload.pk, owner=user).review
    assert review is not None
    assert held.fetched(desk.get(f"{REVIEWS}{review.pk}/").json()["picture_url"]) == 200
    post(desk, review.pk, "clear")
    assert (api.get(address).json()["state"], api.get(address).json()["problem"]) == ("ready", None)
