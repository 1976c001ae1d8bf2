"""A trained model as rows and a file: a small painter that has learnt nothing, and paints all the same."""

import hashlib
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import torch
from django.utils import timezone

from generation.engines.gan.networks import NARROWEST, Generator
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from generation.models import Dataset, Job, Purpose, TrainedModel, Training
from marketplace.accounts.models import Artist
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.listings import services as listings
from marketplace.listings.models import Listing

CLASSES = ("dawn", "dusk")


@cache
def weights(number: int = 0) -> bytes:
    """The file of a painter of 32 pixels with two classes; another number gives another painter."""
    torch.manual_seed(3 + number)
    painter = Generator(resolution=32, latent=8, width=4, classes=len(CLASSES))
    notes = {
        "kind": "gan", "architecture": "few-shot", "resolution": 32, "latent": 8, "width": 4, "narrowest": NARROWEST,
        "classes": CLASSES,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.safetensors"
        checkpoint.write(file, Snapshot(painter.state_dict(), notes))
        return file.read_bytes()


def trained_model(artist: Artist, *, name: str = "Tides", **more: Any) -> TrainedModel:
    """A model of an artist's, published unless `state` says otherwise; its weights lie in the object store."""
    now, data = timezone.now(), weights(TrainedModel.objects.count())
    digest = hashlib.sha256(data).hexdigest()
    storage.put(Bucket.PRIVATE, storage.content_key("weights", digest, "safetensors"), data, media_type="x/y")
    version = 1 + TrainedModel.objects.filter(artist=artist, name=name).count()
    dataset, _ = Dataset.objects.get_or_create(artist=artist, name=name, state="frozen", defaults={"frozen_at": now})
    job = Job.objects.create(
        owner=artist.user, engine="train-gan", engine_version="1", seed=1, queue="gpu", purpose=Purpose.TRAIN,
        state=Job.State.SUCCEEDED, finished_at=now,
    )  # fmt: skip
    training = Training.objects.create(artist=artist, dataset=dataset, job=job, name=name)
    fields: dict[str, Any] = {
        "kind": "gan", "model_hash": digest, "state": "published", "samples_key": "samples/none",
        "card": {"classes": list(CLASSES)},
    }  # fmt: skip
    fields |= more
    fields.setdefault("published_at", None if fields["state"] == "draft" else now)
    return TrainedModel.objects.create(artist=artist, training=training, name=name, version=version, **fields)


def offer_model(artist: Artist, price: int = 3000, **more: Any) -> Listing:
    """A published model of an artist's, with a price."""
    model = trained_model(artist, **more)
    return listings.publish_model_listing(artist_user=artist.user, model_id=model.pk, price_amount=price)
