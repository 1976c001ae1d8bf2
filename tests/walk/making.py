"""What is made in the world: works, uploads, jobs, datasets, trainings, models, searches, reviews."""

from django.utils import timezone
from PIL import Image

from generation import services as generation
from generation.models import Artwork, Dataset, FileRole, Job, Review, Search, TrainedModel, Training
from generation.models.jobs import Purpose
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.listings import services as listings
from tests.gallery import hanging
from tests.generation.conftest import encoded, picture
from tests.walk.world import HOUSE, World


def works(world: World) -> Artwork:
    """A collector's own work, which hangs nowhere, and an artist's on the wall, which is returned."""
    private = hanging.work(world.collector, visibility=Artwork.Visibility.PRIVATE, hung_at=None, title="Only Mine")
    world.add("private work", {"collector"} | HOUSE, artwork_id=private.pk)
    hung = hanging.work(world.artist.user, title="Ink River")
    world.add("hung work", artwork_id=hung.pk)
    _with_picture(hung)
    listing = hanging.offer(hung)
    world.add("listing", listing_id=listing.pk)
    terms = _lent(world, hung)
    world.add("lent style", terms_id=terms)
    return hung


def _with_picture(work: Artwork) -> None:
    """Its previews are there to be looked at, not as rows alone: what is shown with a link to it is drawn of one."""
    for file in work.files.filter(role=FileRole.PREVIEW, format="webp"):
        data = encoded(Image.new("RGB", (file.width, file.height), "teal"), "WEBP")
        storage.put(Bucket(file.bucket), file.key, data, media_type="image/webp")


def _lent(world: World, work: Artwork) -> object:
    """The style of a work, lent to other artists."""
    return listings.lend_style(artist_user=world.artist.user, artwork_id=work.pk, share_bps=500).pk


def jobs(world: World) -> None:
    """A collector's upload, and a job that waits."""
    upload = hanging.photograph(world.collector)
    world.add("upload", {"collector"}, upload_id=upload.pk)
    job = generation.submit_job(owner=world.collector, engine="flow-field", parameters={"size": 256}, seed=1)
    world.add("job", {"collector", "staff"}, job_id=job.pk)


def learning(world: World) -> TrainedModel:
    """An artist's dataset, training, search and models, of which the open one is returned."""
    own = {"artist"}
    artist, now = world.artist, timezone.now()
    draft = generation.create_dataset(owner=artist.user, name="Draft")
    files = [generation.Announced(filename="1.png", media_type="image/png", size=len(picture()), class_name="")]
    vouched = generation.Vouched(consent="own")
    [(shown, _)] = generation.add_pictures(dataset_id=draft.pk, owner=artist.user, files=files, vouched=vouched)
    world.add("dataset", own, dataset_id=draft.pk, picture_id=shown.pk)
    frozen = Dataset.objects.create(artist=artist, name="Frozen", state="frozen", frozen_at=now)
    running = _training(world, frozen, Job.State.QUEUED, "Tides")
    world.add("training", own, training_id=running.pk)
    search = Search.objects.create(
        artist=artist, dataset=frozen, engine="train-gan", name="Sought", parameters={}, space={}, planned=2,
        minutes=2.0, trial_minutes=1.0, seed=1,
    )  # fmt: skip
    world.add("search", own, only="(^|v1)/searches/", search_id=search.pk)
    secret = _model(world, _training(world, frozen, Job.State.SUCCEEDED, "Secret"), "draft")
    world.add("draft model", own | HOUSE, model_id=secret.pk, job_id=secret.training.job_id)
    shared = _model(world, _training(world, frozen, Job.State.SUCCEEDED, "Shared"), "published")
    world.add("open model", model_id=shared.pk)
    return shared


def _training(world: World, dataset: Dataset, state: str, name: str) -> Training:
    over = {} if state == Job.State.QUEUED else {"finished_at": timezone.now()}
    job = Job.objects.create(
        owner=world.artist.user, engine="train-gan", engine_version="1", seed=1, queue="gpu", purpose=Purpose.TRAIN,
        state=state, parameters={"minutes": 60.0}, **over,
    )  # fmt: skip
    return Training.objects.create(artist=world.artist, dataset=dataset, job=job, name=name)


def _model(world: World, training: Training, state: str) -> TrainedModel:
    published = timezone.now() if state == "published" else None
    return TrainedModel.objects.create(
        artist=world.artist, training=training, name=training.name, version=1, kind="gan", state=state,
        model_hash=training.pk.hex * 2, samples_key="samples/none", card={"classes": []}, published_at=published,
    )  # fmt: skip


def reviews(world: World) -> None:
    """A work of an artist's that the gate holds until a curator has looked."""
    held = hanging.work(world.artist.user, visibility=Artwork.Visibility.HELD, hung_at=None, title="Held")
    review = Review.objects.create(artwork=held, explicit=0.9, is_explicit=True)
    world.add("review", HOUSE, review_id=review.pk)
