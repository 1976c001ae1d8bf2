"""An artist with pictures to learn from."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.conf import LazySettings
from PIL import Image

from generation import services
from generation.models import Dataset, TrainedModel, Training
from generation.services import Announced, Vouched
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from tests.generation.conftest import encoded, put_file
from tests.generation.learning.training_runs import Start, run

OWN = Vouched(consent="own")


def painted(number: int, size: int = 48) -> bytes:
    """A picture that no other number gives: a coarse pattern."""
    pattern = np.random.default_rng(number).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return encoded(Image.fromarray(pattern).resize((size, size), Image.Resampling.BICUBIC))


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def settle() -> None:
    """Do what datasets wait for, until they wait for nothing."""
    for _ in range(50):
        if not services.tend_datasets():
            return
    raise AssertionError("There is always more to do.")


@pytest.fixture(autouse=True)
def quick_gate(settings: LazySettings) -> None:
    """The gate sees nothing wrong: each look of the real one takes a moment, and a model is looked at many times."""
    blind = "tests.generation.moderation.magenta.Blind"
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": blind})


@pytest.fixture
def artist(user: User) -> Artist:
    return Artist.objects.create(user=user, slug="ada", name="Ada")


@pytest.fixture
def dataset(artist: Artist) -> Dataset:
    return services.create_dataset(owner=artist.user, name="Patterns")


Add = Callable[..., list[str]]


@pytest.fixture
def add(dataset: Dataset, artist: Artist) -> Add:
    """Add pictures as a browser would, and have them looked at; returns their ids."""

    def make(*pictures: bytes, to: Dataset = dataset, class_name: str = "", vouched: Vouched = OWN) -> list[str]:
        files = [
            Announced(filename=f"{number}.png", media_type="image/png", size=len(data), class_name=class_name)
            for number, data in enumerate(pictures)
        ]
        added = services.add_pictures(dataset_id=to.pk, owner=artist.user, files=files, vouched=vouched)
        for (_, put), data in zip(added, pictures, strict=True):
            put_file(put, data)
        ids = [picture.pk for picture, _ in added]
        services.confirm_files(dataset_id=to.pk, owner=artist.user, pictures=ids)
        settle()
        return [str(one) for one in ids]

    return make


@pytest.fixture
def frozen(dataset: Dataset, add: Add, artist: Artist) -> Dataset:
    """A dataset of twenty pictures in two classes, ready to learn from."""
    add(*(painted(number) for number in range(10)), class_name="even")
    add(*(painted(number) for number in range(10, 20)), class_name="odd")
    services.freeze_dataset(dataset_id=dataset.pk, owner=artist.user)
    settle()
    dataset.refresh_from_db()
    return dataset


SMALL = {"resolution": 32, "images": 160, "batch_size": 8, "validate_every": 40, "learning_rate": 0.05,
         "precision": "float32"}  # fmt: skip


@pytest.fixture
def model(frozen: Dataset, artist: Artist) -> TrainedModel:
    """What a short training of the toy way to learn came to."""
    training = services.start_training(
        owner=artist.user, dataset_id=frozen.pk, engine="train-toy", name="Colour", parameters=SMALL, seed=3
    )
    assert run_next_batch("cpu") == [training.job_id]
    return TrainedModel.objects.get(training=training)


@pytest.fixture
def checkpoint_seconds(settings: LazySettings) -> Callable[[float], None]:
    """How often a training leaves a checkpoint: after each step, unless a test says otherwise."""

    def set_to(seconds: float) -> None:
        settings.ATELIER = settings.ATELIER.model_copy(update={"checkpoint_seconds": seconds})

    set_to(0.0)
    return set_to


@pytest.fixture
def start(frozen: Dataset, artist: Artist, checkpoint_seconds: Callable[[float], None]) -> Start:
    """Begin a training of the toy way to learn."""

    def make(**chosen: Any) -> Training:
        named = {"engine": chosen.pop("engine", "train-toy"), "name": chosen.pop("name", "Colour"), "seed": 3}
        key = {"request_key": chosen.pop("request_key", None)}
        dataset = chosen.pop("dataset_id", frozen.pk)
        return services.start_training(
            owner=artist.user, dataset_id=dataset, parameters=SMALL | chosen, **named, **key
        )  # fmt: skip

    return make


@pytest.fixture
def undisturbed(start: Start) -> str:
    """The hash of the model that a training comes to when nothing happens."""
    run(begun := start(name="Undisturbed"))
    return str(TrainedModel.objects.get(training=begun).model_hash)
