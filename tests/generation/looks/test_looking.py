"""Works are looked at once they are there, and again when another network looks."""

from collections.abc import Callable
from uuid import UUID

import numpy as np
import pytest

from generation import selectors, services, tasks
from generation.engines.errors import TextModelMissing
from generation.errors import LeaseLost
from generation.models import Artwork, ArtworkLook, Job, JobState, PictureLook, Purpose, Upload
from generation.worker.looking import look_ahead
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.ids import uuid7
from marketplace.core.storage import Bucket
from tests.generation.conftest import picture, told

pytestmark = pytest.mark.django_db(transaction=True)
MakeArtwork = Callable[..., Artwork]


def test_a_work_is_looked_at_and_that_is_told(make_artwork: MakeArtwork) -> None:
    artwork = make_artwork(size=300, seed=5, title="Noise")
    assert selectors.next_unseen(10) == [artwork.pk]
    assert look_ahead()
    look = ArtworkLook.objects.get(artwork=artwork)
    assert (look.network, look.version, look.is_current, look.meaning) == ("efficientnet-lite0", 1, True, None)
    assert (len(look.style), len(look.colour)) == (128, 64)
    assert np.linalg.norm(look.style) == pytest.approx(1.0, abs=0.01)
    assert look.colours
    assert told("artwork.looked_at") == [str(artwork.pk)]
    assert not look_ahead()
    assert told("artwork.looked_at") == [str(artwork.pk)]


def test_what_another_version_saw_is_seen_anew(make_artwork: MakeArtwork) -> None:
    artwork = make_artwork(size=300)
    look_ahead()
    ArtworkLook.objects.update(version=0, colours=[])
    assert look_ahead()
    assert ArtworkLook.objects.get(artwork=artwork).is_current


def test_a_work_whose_file_is_gone_is_left_alone_for_a_while(make_artwork: MakeArtwork) -> None:
    lost, kept = make_artwork(size=300, seed=1), make_artwork(size=300, seed=2)
    face = selectors.face_of(lost.pk)
    assert face is not None
    storage.delete(Bucket(face.bucket), face.key)
    look_ahead()
    assert list(ArtworkLook.objects.values_list("artwork", flat=True)) == [kept.pk]
    assert selectors.next_unseen(10) == []


def test_the_chore_wakes_a_worker_only_where_there_is_something_to_see(
    make_artwork: MakeArtwork, settle: Callable[[], None]
) -> None:
    tasks.wake_for_looks()
    artwork = make_artwork(size=300)
    tasks.wake_for_looks()
    settle()
    assert ArtworkLook.objects.filter(artwork=artwork).exists()


def test_what_is_said_of_a_work_is_read_and_read_anew_under_another_title(make_artwork: MakeArtwork) -> None:
    artwork = make_artwork(size=300, title="A storm over the harbour")
    look_ahead()
    assert services.read_works() == 1
    before = ArtworkLook.objects.get(artwork=artwork)
    assert len(before.meaning) == 384
    assert services.read_works() == 0
    services.title_artwork(artwork_id=artwork.pk, title="Tulips", by=artwork.maker)
    assert services.read_works() == 1
    after = ArtworkLook.objects.get(artwork=artwork)
    assert after.said != before.said
    assert np.dot(before.meaning, after.meaning) < 0.95


def test_without_a_text_model_works_go_unread(make_artwork: MakeArtwork, monkeypatch: pytest.MonkeyPatch) -> None:
    make_artwork(size=300)
    look_ahead()

    def missing() -> None:
        raise TextModelMissing("There is none.")

    monkeypatch.setattr("generation.services.looks.the_encoder", missing)
    assert services.read_works() == 0


@pytest.fixture
def upload(send: Callable[..., Upload]) -> Upload:
    sent = send(picture(300, 200))
    return services.complete_upload(upload_id=sent.pk, owner=sent.owner)


def test_a_sent_picture_is_looked_at_by_a_job_that_makes_no_work(upload: Upload) -> None:
    job = services.request_look(upload=upload, owner=upload.owner)
    assert selectors.look_of_job(job.pk, upload.owner) == (job, None)
    assert run_next_batch("cpu") == [job.pk]
    over, look = selectors.look_of_job(job.pk, upload.owner)
    assert over.state == JobState.SUCCEEDED
    assert isinstance(look, PictureLook)
    assert look.colours == ["teal"]
    assert not Artwork.objects.exists()


def test_a_look_is_its_askers_alone(upload: Upload, make_user: Callable[..., User]) -> None:
    with pytest.raises(InvalidInput, match="Some pictures cannot be used"):
        services.request_look(upload=upload, owner=make_user())
    job = services.request_look(upload=upload, owner=upload.owner)
    with pytest.raises(NotFound):
        selectors.look_of_job(job.pk, make_user())


def test_no_work_is_asked_of_what_looks(user: User, upload: Upload) -> None:
    inputs = [services.JobInput.of_upload("picture", upload)]
    with pytest.raises(InvalidInput, match="No work comes of a look"):
        services.submit_job(owner=user, engine="look", parameters={}, inputs=inputs)
    with pytest.raises(InvalidInput, match="No work comes of a look"):
        services.submit_job(owner=user, engine="toy", parameters={}, purpose=Purpose.LOOK)
    assert not Job.objects.exists()


def test_a_look_is_written_down_under_its_lease_alone(upload: Upload) -> None:
    job = services.request_look(upload=upload, owner=upload.owner)
    seen = services.Seen(style=[1.0] * 128, colour=[1.0] * 64, colours=["teal"], network="toy", version=1)
    with pytest.raises(LeaseLost):
        services.finish_look(job_id=job.pk, token=UUID(str(uuid7())), seen=seen)
    assert not PictureLook.objects.exists()
