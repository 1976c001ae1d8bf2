"""A work's origin over HTTP: what its file says, and having it made again."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from generation import services
from generation.models import Artwork, Job, Purpose, Visibility
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation import checking

pytestmark = pytest.mark.django_db(transaction=True)
CHECKS = Job.objects.filter(purpose=Purpose.CHECK)


@pytest.fixture
def artwork(user: User) -> Artwork:
    """A work that hangs on the wall."""
    return checking.work(user, visibility=Visibility.WALL, hung_at="2026-01-01T00:00Z")


def address(artwork: Artwork) -> str:
    return f"/api/v1/artworks/{artwork.pk}/verify/"


def test_anybody_sees_what_a_work_on_the_wall_says_of_itself(artwork: Artwork) -> None:
    answer = APIClient().get(address(artwork))
    assert answer.status_code == 200
    manifest = answer.json()["manifest"]
    assert (manifest["is_valid"], manifest["is_trusted"], manifest["problems"]) == (True, True, [])
    assert (manifest["signed_by"], manifest["is_ai_generated"]) == ("Atelier development", True)
    assert manifest["recipe"]["seed"] == 7
    assert (answer.json()["last_check"], answer.json()["job"]) == (None, None)


def test_a_work_that_one_may_not_see_says_nothing(user: User, make_user: Callable[..., User]) -> None:
    private = checking.work(user)
    stranger = APIClient()
    stranger.force_login(make_user())
    assert APIClient().get(address(private)).status_code == 404
    assert stranger.get(address(private)).status_code == 404
    assert stranger.post(address(private)).status_code == 404


def test_a_check_is_asked_for_watched_and_told(api: APIClient, artwork: Artwork) -> None:
    answer = api.post(address(artwork))
    assert answer.status_code == 202
    assert (answer.json()["job"]["state"], answer.json()["last_check"]) == ("queued", None)
    job = CHECKS.get()
    assert answer.json()["job"]["id"] == str(job.pk)

    checking.finish(job, checking.image())
    known = APIClient().get(address(artwork)).json()
    assert known["job"]["state"] == "succeeded"
    told = {name: known["last_check"][name] for name in ("verdict", "is_confirmed", "file_is_intact", "signature")}
    assert told == {"verdict": "identical", "is_confirmed": True, "file_is_intact": True, "signature": "trusted"}


def test_a_check_that_failed_says_why(api: APIClient, artwork: Artwork) -> None:
    api.post(address(artwork))
    job = CHECKS.get()
    services.fail_job(job_id=job.pk, token=checking.take(job), code="engine-fault", detail="The brush broke.")
    known = api.get(address(artwork)).json()
    assert (known["job"]["state"], known["last_check"]) == ("failed", None)
    assert known["job"]["error"] == {"code": "engine-fault", "detail": "The brush broke."}


def test_asking_needs_a_person_and_a_token_that_may_commission(user: User, artwork: Artwork) -> None:
    assert APIClient().post(address(artwork)).status_code == 401
    for scopes, status in ((["read"], 403), (["commission"], 202)):
        _, secret = accounts.create_token(user=user, name="t", scopes=scopes, expires_in=None)
        client = APIClient(headers={"Authorization": f"Bearer {secret}"})
        assert client.post(address(artwork)).status_code == status
    assert CHECKS.count() == 1


def test_the_same_key_asks_once(api: APIClient, artwork: Artwork) -> None:
    api.defaults["HTTP_IDEMPOTENCY_KEY"] = "again"
    first = api.post(address(artwork))
    checking.finish(CHECKS.get(), checking.image())
    assert api.post(address(artwork)).json() == first.json()
    assert CHECKS.count() == 1


def test_what_cannot_be_made_again_is_a_conflict(api: APIClient, user: User) -> None:
    answer = api.post(address(checking.work(user, engine_version="6")))
    assert (answer.status_code, answer.json()["code"]) == (409, "engine-gone")
    picture = checking.photograph(user)
    artwork = checking.work(user, inputs=(picture,))
    storage.delete(Bucket.PRIVATE, picture.key)
    answer = api.post(address(artwork))
    assert (answer.status_code, answer.json()["code"], answer.json()["inputs"]) == (409, "inputs-missing", ["picture"])


def test_a_work_whose_file_is_gone_has_no_manifest(api: APIClient, artwork: Artwork) -> None:
    assert artwork.original is not None
    storage.delete(Bucket.PRIVATE, artwork.original.key)
    assert api.get(address(artwork)).json()["manifest"] is None
