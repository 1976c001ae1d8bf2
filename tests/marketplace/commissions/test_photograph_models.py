"""A model that paints photographs, all its life over HTTP: trained on two folders, shown, priced, ordered."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from rest_framework.test import APIClient

from generation.models import Artwork, Dataset, DatasetPicture, TrainedModel
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.orders.models import Ownership
from tests.generation.learning.conftest import add, artist, dataset, frozen  # noqa: F401  # fixtures
from tests.marketplace.staging import send_photograph
from tests.payments.provider import VISA, Provider

pytestmark = pytest.mark.django_db(transaction=True)

SMALL: dict[str, dict[str, Any]] = {
    "train-translation": {"width": 8},
    "train-house-style": {"learning_rate": 0.01},
}
COMMON = {"resolution": 32, "images": 32, "batch_size": 8, "photographs": "even", "precision": "float32"}
RUNNERS = {"train-translation": "translate", "train-house-style": "house-style"}


def post(api: APIClient, address: str, body: Any = None, status: int = 200) -> Any:
    answer = api.post(f"/api/v1/{address}", body, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


def wanted(frozen: Dataset, engine: str, **chosen: Any) -> dict[str, Any]:  # noqa: F811
    return {
        "dataset": str(frozen.pk), "engine": engine, "name": "Ink", "seed": 3,
        "parameters": COMMON | SMALL[engine] | chosen,
    }  # fmt: skip


@pytest.mark.parametrize("engine", SMALL)
def test_a_model_is_trained_shown_sold_and_delivered(
    frozen: Dataset,  # noqa: F811
    artist: Artist,  # noqa: F811
    api: APIClient,
    client_of: Callable[[User], APIClient],
    make_user: Callable[..., User],
    settle: Callable[[], None],
    provider: Provider,
    engine: str,
) -> None:
    begun = post(api, "trainings/", wanted(frozen, engine), 201)
    run_next_batch("gpu")
    trained = api.get(f"/api/v1/trainings/{begun['id']}/").json()
    assert (trained["state"], trained["error"]) == ("succeeded", None)
    shown = post(api, f"models/{trained['model']}/publish/")
    assert (shown["samples"]["shows"], shown["engines"][0]) == ("photographs", RUNNERS[engine])
    assert_before_and_after(httpx.get(shown["samples"]["url"]).content, frozen)
    listing = post(api, "listings/", {"model": trained["model"], "price_amount": 5000}, 201)

    collector = make_user()
    order = {"listing": listing["id"], "photograph": str(send_photograph(collector).pk), "parameters": {"size": 256}}
    buyer = client_of(collector)
    assert "photograph" in post(buyer, "commissions/", {"listing": listing["id"]}, 422)["errors"]
    ordered = post(buyer, "commissions/", order, 201)
    commission = Commission.objects.get(pk=ordered["id"])
    services.pay(commission=commission, payment_method=VISA)
    settle()
    post(buyer, f"commissions/{commission.pk}/accept/")
    settle()
    assert buyer.get(f"/api/v1/commissions/{commission.pk}/").json()["state"] == "delivered"
    work = Artwork.objects.get(job__purpose="work")
    assert (work.title, work.engine, work.style_artist) == ("A portrait in Ink", RUNNERS[engine], artist)
    assert work.model_hash == TrainedModel.objects.get().model_hash
    assert Ownership.objects.get().owner == collector
    assert work.original is not None
    painted = Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, work.original.key)))
    assert painted.size == (256, 256)


def assert_before_and_after(sheet: bytes, frozen: Dataset) -> None:  # noqa: F811
    """The first square is a photograph held out, and the one beside it is another picture."""
    found = np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB"), dtype=float)
    held_out = DatasetPicture.objects.filter(dataset=frozen, class_name="even").exclude(split="train")
    kept = [Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, one.key))).convert("RGB") for one in held_out]
    expected = [np.asarray(one.resize((256, 256), Image.Resampling.LANCZOS), dtype=float) for one in kept]
    before, after = found[:256, :256], found[:256, 256:512]
    assert min(np.abs(before - one).mean() for one in expected) < 6.0  # a WebP file is not exact
    assert np.abs(after - before).mean() > 1.0


@pytest.mark.parametrize(("chosen", "field"), [({"photographs": "photos"}, "photographs"), ({"works": "oil"}, "works")])
def test_what_the_dataset_lacks_is_said_before_anything_is_queued(
    frozen: Dataset,  # noqa: F811
    api: APIClient,
    chosen: dict[str, Any],
    field: str,
) -> None:
    refused = post(api, "trainings/", wanted(frozen, "train-translation", **chosen), 422)
    assert list(refused["errors"]) == [f"parameters.{field}"]
    assert "even, odd" in refused["errors"][f"parameters.{field}"][0]
    search = {**wanted(frozen, "train-translation", **chosen), "planned": 2, "trial_minutes": 1}
    assert post(api, "searches/", search, 422)["errors"]
