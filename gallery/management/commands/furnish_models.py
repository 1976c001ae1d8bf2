"""`manage.py furnish_models`: an artist's first model, trained by the real workers, opened to all and offered."""

import io
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image

from gallery.management.furnishing import LEARNT, SERIES, Learnt, key_of
from gallery.management.pieces import cut, zipped
from gallery.management.selling import sell
from gallery.management.sending import send
from generation import services as generation
from generation.engines import registry
from generation.models import ArchiveState, Artwork, Dataset, DatasetState, PictureState, TrainedModel, Training
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.listings import services as listings

PATIENCE = 3 * 3600.0  # seconds for one step: whatever people order comes first
Seen = TypeVar("Seen")


class Command(BaseCommand):
    help = "Train a first model on pieces of the works that hang, and offer it; what was begun is gone on with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--artist", default="artist@demo.test")

    def handle(self, *args: Any, **options: Any) -> None:
        self.artist = User.objects.get(email=options["artist"])
        training = Training.objects.filter(job__request_key=key_of(LEARNT.slug)).first() or self._train(LEARNT)
        model = _wait_for(lambda: _model_of(training))
        if model.published_at is None and not model.is_held:
            self._offer(LEARNT, model)

    def _train(self, wanted: Learnt) -> Training:
        return generation.start_training(
            owner=self.artist, dataset_id=self._dataset(wanted).pk, engine=wanted.engine, name=wanted.name,
            parameters=wanted.parameters, seed=1, request_key=key_of(wanted.slug),
        )  # fmt: skip

    def _dataset(self, wanted: Learnt) -> Dataset:
        """Pieces of the works, sent as an artist would send them, and closed for learning."""
        dataset = Dataset.objects.filter(artist__user=self.artist, name=wanted.name).first()
        dataset = dataset or generation.create_dataset(owner=self.artist, name=wanted.name)
        if dataset.state == DatasetState.DRAFT:
            if not dataset.archives.exclude(state=ArchiveState.PENDING).exists():
                self._send(wanted, dataset)
            _wait_for(lambda: _is_looked_at(dataset) or None)
            generation.freeze_dataset(dataset_id=dataset.pk, owner=self.artist)
        return _wait_for(lambda: Dataset.objects.filter(pk=dataset.pk, state=DatasetState.FROZEN).first())

    def _send(self, wanted: Learnt, dataset: Dataset) -> None:
        data = zipped(_pieces(wanted))
        archive, put = generation.add_archive(
            dataset_id=dataset.pk, owner=self.artist, vouched=generation.Vouched(consent="own"),
            file=generation.Announced(filename="pieces.zip", media_type="application/zip", size=len(data)),
        )  # fmt: skip
        send(data, put)
        generation.confirm_files(dataset_id=dataset.pk, owner=self.artist, archives=[archive.pk])

    def _offer(self, wanted: Learnt, model: TrainedModel) -> None:
        generation.describe_model(model_id=model.pk, by=self.artist, description=wanted.description)
        generation.publish_model(model_id=model.pk, by=self.artist)
        listings.publish_model_listing(artist_user=self.artist, model_id=model.pk, price_amount=wanted.price)
        series = listings.Series(model.pk, registry.sampler_of(model.kind).name)
        sell(SERIES, series, self.artist)
        self.stdout.write(f"The model “{wanted.name}” is trained and open to all.")


def _pieces(wanted: Learnt) -> dict[str, Image.Image]:
    """By their names. Raises CommandError where a work is not there."""
    pieces: dict[str, Image.Image] = {}
    for number, slug in enumerate(wanted.works):
        work = Artwork.objects.filter(job__request_key=key_of(slug)).first()
        if work is None or work.original is None:
            raise CommandError(f"The work “{slug}” does not hang: `manage.py furnish` comes first.")
        with Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, work.original.key))) as image:
            cuts = cut(
                image, count=wanted.pieces, side=wanted.side, reach=wanted.reach, margin=wanted.margin, seed=number
            )
            pieces |= {f"{slug}-{place}": piece for place, piece in enumerate(cuts)}
    return pieces


def _is_looked_at(dataset: Dataset) -> bool:
    is_unpacked = not dataset.archives.filter(state=ArchiveState.ARRIVED).exists()
    return is_unpacked and not dataset.pictures.filter(state=PictureState.ARRIVED).exists()


def _model_of(training: Training) -> TrainedModel | None:
    """Raises CommandError where none will come of it."""
    training.refresh_from_db()
    job = training.job
    job.refresh_from_db()
    if job.state in {job.State.FAILED, job.State.CANCELLED}:
        raise CommandError(f"“{training.name}” was not trained: {job.error_detail or 'it was called off'}")
    return TrainedModel.objects.filter(training=training).first()


def _wait_for(look: Callable[[], Seen | None]) -> Seen:
    deadline = time.monotonic() + PATIENCE
    while (seen := look()) is None:
        if time.monotonic() > deadline:
            raise CommandError(f"It is not done after {PATIENCE / 3600:.0f} hours; are the workers up?")
        time.sleep(0.5)
    return seen
