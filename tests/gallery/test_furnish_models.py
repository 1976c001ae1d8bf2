"""The first model of a new house: trained on pieces of works that hang, opened and offered; begun once."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from gallery.management.commands import furnish_models
from gallery.management.furnishing import LEARNT, SERIES
from gallery.management.pieces import cut
from generation import services
from generation.models import Dataset, Job, TrainedModel, Training
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.listings.models import Listing, Sale
from tests.gallery import hanging
from tests.generation.conftest import encoded
from tests.generation.learning.conftest import SMALL
from tests.generation.watching import in_background

pytestmark = pytest.mark.django_db(transaction=True)
SMALLER = replace(LEARNT, engine="train-toy", parameters=SMALL, works=("reef", "lace"), pieces=6)


@pytest.fixture
def artist(make_user: Callable[..., User]) -> Artist:
    return Artist.objects.create(user=make_user(email="artist@demo.test"), slug="ada", name="Ada")


@pytest.fixture
def furnish(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Run the command while the house's workers do what waits."""
    monkeypatch.setattr(furnish_models, "LEARNT", SMALLER)

    def run() -> None:
        command = in_background(lambda: call_command("furnish_models"))
        while command.is_alive():
            services.tend_datasets()
            run_next_batch("cpu")
            command.join(timeout=0.1)

    return run


def hang(artist: Artist, slug: str) -> None:
    """A work with a picture: noise, so that no two pieces of it are alike."""
    work = hanging.work(artist.user)
    Job.objects.filter(pk=work.job_id).update(request_key=f"furnish:{slug}")
    noise = np.random.default_rng(len(slug)).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    assert work.original is not None
    storage.put(Bucket.PRIVATE, work.original.key, encoded(Image.fromarray(noise)), media_type="image/png")


def test_a_model_is_trained_on_the_works_opened_and_offered(artist: Artist, furnish: Callable[[], None]) -> None:
    hang(artist, "reef")
    hang(artist, "lace")
    furnish()

    model = TrainedModel.objects.get()
    assert (model.name, model.state, model.artist) == (LEARNT.name, "published", artist)
    assert model.card["dataset"]["consents"] == {"own": 12}
    assert model.training.job.priority == 0
    assert Listing.objects.get(trained_model=model).price_amount == LEARNT.price
    assert Sale.objects.get(release__trained_model=model, state="open").issued.size == SERIES.size

    services.withdraw_model(model_id=model.pk, by=artist.user)
    furnish()  # at the next start
    assert TrainedModel.objects.get().state == "withdrawn"
    assert (Dataset.objects.count(), Training.objects.count()) == (1, 1)


def test_without_the_works_it_says_what_comes_first(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(furnish_models, "LEARNT", SMALLER)
    with pytest.raises(CommandError, match="`manage.py furnish` comes first"):
        call_command("furnish_models")
    assert not Training.objects.exists()


def test_pieces_are_squares_of_the_picture_within_its_margin() -> None:
    picture = Image.new("RGB", (400, 300), "white")
    picture.paste("black", (40, 30, 360, 270))
    pieces = list(cut(picture, count=20, side=16, reach=(0.1, 0.5), margin=0.1, seed=1))
    assert {piece.size for piece in pieces} == {(16, 16)}
    assert all(piece.getextrema() == ((0, 0),) * 3 for piece in pieces)
    again = cut(picture, count=20, side=16, reach=(0.1, 0.5), margin=0.1, seed=1)
    assert [piece.tobytes() for piece in again] == [piece.tobytes() for piece in pieces]
