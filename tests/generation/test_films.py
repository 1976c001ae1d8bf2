"""Films from the engine to the wall: what is kept of them, that they can be made again, and who looks first."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from generation import provenance, selectors, services
from generation.engines import registry
from generation.engines.base import Artifact, EngineDeclaration, Parameters
from generation.engines.errors import Cancelled, EngineFault, InvalidParameters, UserError
from generation.engines.films import MOST_FILM_PIXELS
from generation.engines.gan.learner import GanLearner
from generation.engines.gan.parameters import GanTrainingParameters
from generation.engines.reel import Reel
from generation.engines.training.pictures import PictureSet
from generation.models import (
    Artwork,
    ArtworkFile,
    Check,
    Dataset,
    Job,
    Purpose,
    SignatureState,
    TrainedModel,
    Training,
    Verdict,
)
from generation.models.artworks import FileRole
from generation.worker import weights
from generation.worker.running import run_next_batch
from generation.worker.studio.filming import develop, milliseconds
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput
from marketplace.core.storage import Bucket
from tests.generation import filming, held
from tests.generation.conftest import Gate, encoded
from tests.generation.engines.training.learning import context, paint_pictures
from tests.generation.moderation import magenta
from tests.generation.watching import eventually, in_background

NOWHERE = Path("/nowhere")  # films lie in memory
database = pytest.mark.django_db(transaction=True)


def nothing() -> None:
    """Nobody waits."""


def check(artwork: Artwork, queue: str = "cpu") -> Check:
    job = services.request_check(artwork_id=artwork.pk, by=artwork.maker)
    assert job.pk in run_next_batch(queue)
    return Check.objects.get(job=job)


@database
def test_a_film_becomes_a_work_with_a_poster_and_two_films(user: User) -> None:
    artwork = filming.make(user, size=700, frames=6)
    assert (artwork.medium, artwork.frames, artwork.duration_ms, artwork.is_film) == ("animation", 6, 300, True)
    assert (artwork.width, artwork.height, artwork.seconds) == (700, 700, 0.3)
    assert sorted(artwork.files.values_list("role", "format", "width")) == [
        ("film", "webp", 640), ("original", "webp", 700),
        ("preview", "avif", 320), ("preview", "avif", 700), ("preview", "webp", 320), ("preview", "webp", 700),
        ("thumbnail", "avif", 240), ("thumbnail", "webp", 240),
    ]  # fmt: skip
    moving = {FileRole.FILM, FileRole.ORIGINAL}
    for file in artwork.files.all():
        data = storage.get(Bucket(file.bucket), file.key)
        manifest = provenance.read(data, provenance.MEDIA_TYPES[file.format])
        assert manifest is not None
        assert (manifest.is_valid, manifest.is_trusted, manifest.source_type) == (True, True, "trainedAlgorithmicMedia")
        assert manifest.recipe is not None
        assert (manifest.recipe["medium"], manifest.recipe["seed"]) == ("animation", 5)
        with Image.open(io.BytesIO(data)) as opened:
            assert opened.size == (file.width, file.height)
            assert getattr(opened, "n_frames", 1) == (6 if file.role in moving else 1)
            assert file.role not in moving or opened.info["loop"] == 0  # for ever
        assert bool(file.url) == (file.role != FileRole.ORIGINAL)
    assert artwork.film_url == film_of(artwork).url
    assert Job.objects.get().preview_key.startswith("previews/")


@database
def test_the_original_holds_every_frame_without_loss_and_the_poster_is_the_first(user: User) -> None:
    artwork = filming.make(user, size=48, frames=7, seconds_each=1 / 30)
    data = filming.original(artwork)
    read = list(filming.shown(data))
    assert [duration for _, duration in read] == [33, 34, 33, 33, 34, 33, 33]
    assert len({picture.tobytes() for picture, _ in read}) == 7
    assert (artwork.pixels_sha256, artwork.duration_ms) == (filming.pixels_sha256(data), 233)
    smaller = artwork.files.get(role="preview", format="avif")
    with Image.open(io.BytesIO(storage.get(Bucket.PUBLIC, smaller.key))) as one:
        poster = np.asarray(one.convert("RGB"), dtype=float)
    apart = [float(np.abs(poster - np.asarray(picture, dtype=float)).mean()) for picture, _ in read]
    assert apart.index(min(apart)) == 0


@database
def test_a_film_made_again_is_identical(user: User) -> None:
    found = check(filming.make(user, size=48))
    assert (found.verdict, found.largest_difference, found.file_is_intact) == (Verdict.IDENTICAL, 0, True)
    assert (found.signature, found.is_confirmed) == (SignatureState.TRUSTED, True)
    assert Artwork.objects.count() == 1


@database
def test_a_film_with_one_frame_painted_over_is_found_out(user: User) -> None:
    artwork = filming.make(user, size=48)
    filming.tamper(artwork, lambda pictures: [*pictures[:3], pictures[0], *pictures[4:]])
    found = check(artwork)
    assert (found.verdict, found.file_is_intact, found.is_confirmed) == (Verdict.DIFFERENT, False, False)
    assert found.largest_difference is not None
    assert found.signature == SignatureState.NONE


@database
def test_bytes_changed_in_the_middle_of_a_signed_film_break_its_signature(user: User) -> None:
    artwork = filming.make(user, size=48)
    data = bytearray(filming.original(artwork))
    data[data.index(b"ANMF") + 14] ^= 1  # how long the first frame is shown
    manifest = provenance.read(bytes(data), "image/webp")
    assert manifest is not None
    assert not manifest.is_valid
    assert "assertion.dataHash.mismatch" in manifest.problems


@pytest.mark.parametrize("by", [0, 1, 2, 17])
def test_films_are_as_far_apart_as_their_farthest_frames(by: int) -> None:
    pictures = filming.frames()
    other = [*pictures[:4], Image.fromarray(np.asarray(pictures[4]) + np.uint8(by)), pictures[5]]
    apart = provenance.difference(filming.film(pictures), filming.film(other))
    assert apart is not None
    assert apart.largest == by
    assert apart.psnr == (None if by == 0 else pytest.approx(20 * np.log10(255 / by), abs=0.01))
    assert apart.is_small == (by < 3)


def test_films_of_other_length_time_or_size_cannot_be_laid_over_each_other() -> None:
    one = filming.frames()
    others = (filming.film(one[:5]), filming.film(one, 60), filming.film(filming.frames(size=(20, 33))))
    assert [provenance.difference(filming.film(one), other) for other in (*others, encoded(one[0]))] == [None] * 4
    assert provenance.difference(filming.film(one), filming.film(one)[:-40]) is None


@database
def test_a_film_whose_middle_frame_is_explicit_is_held_and_its_curator_sees_the_film(
    user: User, make_user: Callable[..., User], settings: LazySettings
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": magenta.PATH})
    clean, lurid = filming.make(user, size=48), filming.make(user, size=48, behaviour="lurid")
    assert (clean.is_held, lurid.is_held) == (False, True)
    assert {file.bucket for file in lurid.files.all()} == {"private"}
    assert (lurid.film_url, lurid.preview_url()) == ("", "")
    review = held.review_of(lurid)
    assert review.is_explicit
    assert review.explicit > 0.6
    assert film_of(lurid).key in selectors.review_picture_url(review)
    curator = held.make_curator(make_user())
    services.clear_review(review_id=review.pk, curator=curator)
    lurid = Artwork.objects.get(pk=lurid.pk)
    address = lurid.film_url
    assert held.fetched(address) == 200
    services.undo_review(review_id=review.pk, curator=curator)
    assert held.fetched(address) in {403, 404}


@database
def test_long_films_are_looked_at_twice_a_second_to_their_ends(user: User, settings: LazySettings) -> None:
    path = "tests.generation.moderation.magenta.Counting"
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": path})
    magenta.Counting.seen.clear()
    artwork = filming.make(user, size=96, frames=61, seconds_each=0.2)
    film = [picture.tobytes() for picture, _ in filming.shown(storage.get(Bucket.PUBLIC, film_of(artwork).key))]
    seen = [picture.tobytes() for picture in magenta.Counting.seen]  # and what was shown while it was made
    places = [film.index(picture) for picture in seen if picture in film]
    assert (places[0], places[-1], len(places)) == (0, 60, 26)  # in 12.2 seconds
    assert max(np.diff(places)) == 3  # 0.6 seconds, for frames of a fifth


def film_of(artwork: Artwork) -> ArtworkFile:
    return artwork.files.get(role=FileRole.FILM)


@database
@pytest.mark.parametrize(
    ("chosen", "said"),
    [({"frames": 0}, "made no film"), ({"frames": 1}, "two frames"), ({"behaviour": "uneven"}, "all of one size"),
     ({"seconds_each": 0.001}, "60th of a second"), ({"size": 2048, "frames": 40}, "128 million pixels")],
)  # fmt: skip
def test_what_is_no_film_fails_with_its_reason_and_leaves_nothing(
    user: User, chosen: dict[str, Any], said: str
) -> None:
    job = services.submit_job(owner=user, engine="toy-film", parameters=chosen, seed=5)
    run_next_batch("cpu")
    job.refresh_from_db()
    assert job.state == "failed"
    assert said in job.error_detail
    assert not Artwork.objects.exists()


@database
def test_a_film_can_be_called_off_while_it_is_made(user: User, gate: Gate) -> None:
    chosen = {"behaviour": "wait", "gate": str(gate), "size": 32}
    job = services.submit_job(owner=user, engine="toy-film", parameters=chosen, seed=5)
    worker = in_background(lambda: run_next_batch("cpu"))
    gate.wait_for("5.started")
    eventually(lambda: Job.objects.get(pk=job.pk).preview_key)  # one sees it come about
    services.cancel_job(job_id=job.pk, by=user)
    worker.join(timeout=60)
    job.refresh_from_db()
    assert (job.state, Artwork.objects.count()) == ("cancelled", 0)


def test_a_film_stops_between_two_frames_while_it_is_encoded() -> None:
    pictures, calls = filming.frames(40), []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        develop(
            Artifact(image=pictures[0], frames=pictures, frame_seconds=0.1), is_film=True, going_on=stop, aside=NOWHERE
        )
    assert len(calls) == 3


def test_the_same_frames_give_the_same_bytes_however_they_are_kept() -> None:
    pictures = filming.frames(20)
    kept = (pictures, tuple(pictures), Reel(pictures))
    made = [
        develop(
            Artifact(image=pictures[0], frames=one, frame_seconds=0.04), is_film=True, going_on=nothing, aside=NOWHERE
        )
        for one in kept
    ]
    files = [[file.data for file in one.files] for one in made]
    assert files[0] == files[1] == files[2]
    assert len({one.pixels_sha256 for one in made}) == 1


@pytest.mark.parametrize("field", ["frame", "order", "time"])
def test_a_films_pixels_are_its_frames_in_their_order_and_time(field: str) -> None:
    pictures = filming.frames()
    other = [*pictures[:5], pictures[0]] if field == "frame" else pictures[::-1] if field == "order" else pictures
    artifacts = [
        Artifact(image=some[0], frames=some, frame_seconds=seconds)
        for some, seconds in ((pictures, 0.05), (other, 0.06 if field == "time" else 0.05))
    ]
    one, changed = (
        develop(artifact, is_film=True, going_on=nothing, aside=NOWHERE).pixels_sha256 for artifact in artifacts
    )
    assert one != changed


def test_a_picture_where_a_film_was_declared_is_refused_and_the_other_way_round() -> None:
    pictures = filming.frames()
    for artifact, is_film in (
        (Artifact(image=pictures[0]), True),
        (Artifact(image=pictures[0], frames=pictures, frame_seconds=0.1), False),
        (Artifact(image=pictures[0].resize((8, 8)), frames=pictures, frame_seconds=0.1), True),
    ):
        with pytest.raises(EngineFault):
            develop(artifact, is_film=is_film, going_on=nothing, aside=NOWHERE)


@pytest.mark.parametrize("rate", [5, 7, 24, 29, 30, 60])
def test_no_frame_is_late_by_more_than_half_a_millisecond(rate: int) -> None:
    durations = milliseconds(100, 1 / rate)
    for number in range(1, 101):
        assert abs(sum(durations[:number]) - 1000 * number / rate) <= 0.5


def test_a_reel_is_read_as_a_list_would_be() -> None:
    pictures = filming.frames()
    reel = Reel(pictures)
    assert len(reel) == 6
    assert [frame.tobytes() for frame in reel] == [picture.tobytes() for picture in pictures]
    assert reel[-1].tobytes() == pictures[-1].tobytes()
    assert [frame.tobytes() for frame in reel[1:3]] == [picture.tobytes() for picture in pictures[1:3]]
    with pytest.raises(IndexError):
        reel[6]
    with pytest.raises(EngineFault):
        reel.append(filming.frames(size=(8, 8))[0])
    large = Image.new("RGB", (8000, 8000))
    with pytest.raises(UserError):
        Reel([large] * 3)


@pytest.mark.parametrize("name", ["gan-walk", "autoencoder-walk"])
def test_a_film_that_no_worker_could_keep_is_refused_by_its_length(name: str) -> None:
    engine = registry.declaration(name)
    longest = {"size": 1024, "frames_per_second": 30, "seconds": 4.0}
    assert engine.validate_parameters(longest).memory_needed() < 2 * MOST_FILM_PIXELS + 70_000_000
    engine.validate_parameters({"size": 256, "frames_per_second": 30, "seconds": 30.0})
    for chosen in (longest | {"seconds": 4.1}, {"size": 1024, "frames_per_second": 30}, {"size": 1024, "seconds": 30}):
        with pytest.raises(InvalidParameters, match="do not suit") as refused:
            engine.validate_parameters(chosen)
        assert list(refused.value.errors) == ["seconds"]
        assert "seconds." in refused.value.errors["seconds"][0]
    with pytest.raises(InvalidParameters) as refused:
        engine.validate_parameters({"size": 9999, "seconds": 30})
    assert list(refused.value.errors) == ["size"]


def test_an_engine_of_a_medium_that_nothing_keeps_is_no_engine_here() -> None:
    with pytest.raises(ValueError, match="“tune” makes “audio”, and nothing here keeps that"):
        EngineDeclaration(
            name="tune", version="1", title="Tune", description="Sings.", medium="audio",  # type: ignore[arg-type]
            resource="cpu", parameters=Parameters, implementation="nowhere:Tune",
        )  # fmt: skip


@database
def test_a_picture_has_no_length_and_a_film_has(user: User) -> None:
    artwork = filming.make(user, size=32)
    for wrong in ({"frames": 1}, {"duration_ms": 0}):
        with pytest.raises(IntegrityError, match="film_has_length"), transaction.atomic():
            Artwork.objects.update(**wrong)
    assert artwork.is_film


@database
def test_the_api_tells_of_a_films_poster_address_and_length(user: User) -> None:
    artwork = filming.make(user, size=32, frames=6)
    Artwork.objects.update(visibility=Artwork.Visibility.WALL, hung_at=timezone.now())
    client = APIClient()
    [listed] = client.get("/api/v1/artworks/?medium=animation").json()["results"]
    assert listed["film"] == {"url": artwork.film_url, "frames": 6, "seconds": 0.3, "poster_url": artwork.preview_url()}
    detail = client.get(f"/api/v1/artworks/{artwork.pk}/").json()
    assert [file["url"] for file in detail["files"] if file["role"] == "film"] == [artwork.film_url]
    assert held.fetched(listed["film"]["url"]) == 200


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A GAN that was trained for a moment."""
    torch.set_num_threads(1)
    pictures = PictureSet.from_folder(paint_pictures(tmp_path_factory.mktemp("pictures")), 32)
    chosen = GanTrainingParameters(resolution=32, images=16, batch_size=8, width=4, latent=16, validate_every=16)
    return GanLearner().train(chosen, 5, pictures, context(tmp_path_factory.mktemp("gan")))


@database
def test_a_walk_through_a_trained_model_becomes_a_work_and_is_made_again_identically(user: User, model: Any) -> None:
    kept = keep_model(user, model.sha256, model.model)
    chosen = {"size": 48, "seconds": 0.5, "frames_per_second": 10, "stops": 2}
    job = services.submit_job(owner=user, engine="gan-walk", parameters=chosen, seed=42, trained_model=kept)
    assert job.pk in run_next_batch("gpu")
    artwork = Artwork.objects.get(job=job)
    assert (artwork.frames, artwork.duration_ms, artwork.model_hash) == (5, 500, model.sha256)
    found = check(artwork, "gpu")
    assert (found.verdict, found.signature) == (Verdict.IDENTICAL, SignatureState.TRUSTED)


def keep_model(owner: User, sha256: str, file: Path) -> TrainedModel:
    """The model as a training would have left it."""
    weights.give(sha256, file)
    artist = Artist.objects.create(user=owner, slug="ada", name="Ada")
    dataset = Dataset.objects.create(artist=artist, name="Squares")
    job = Job.objects.create(
        owner=owner, engine="train-gan", engine_version="1", seed=5, queue="gpu", state="succeeded",
        finished_at=timezone.now(), purpose=Purpose.TRAIN,
    )  # fmt: skip
    training = Training.objects.create(artist=artist, dataset=dataset, job=job, name="Squares")
    return TrainedModel.objects.create(
        artist=artist, training=training, name="Squares", version=1, kind="gan", model_hash=sha256
    )


@database
def test_a_film_too_long_is_refused_when_it_is_asked_for(user: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.submit_job(owner=user, engine="gan-walk", parameters={"size": 1024, "seconds": 30.0})
    assert list(refused.value.data["errors"]) == ["parameters.seconds"]
