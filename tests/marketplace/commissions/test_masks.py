"""A commission of a part of the photograph alone: the mask is the collector's own, and the engine is given it."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from rest_framework.test import APIClient

from generation import services as generation
from generation.models import Job, Upload
from marketplace.accounts.models import User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from payments.models import Payment
from tests.generation.conftest import encoded, put_file
from tests.marketplace.staging import Stage, send_photograph
from tests.payments.provider import VISA

pytestmark = pytest.mark.django_db(transaction=True)
Settle = Callable[[], None]


def send_mask(stage: Stage, width: int = 256, height: int = 256, brightest: int = 255) -> Upload:
    """White, or less, in the upper half, uploaded as a browser does."""
    drawn = Image.new("L", (width, height), 0)
    drawn.paste(brightest, (0, 0, width, height // 2))
    data = encoded(drawn)
    upload, put = generation.request_upload(
        owner=stage.collector, filename="mask.png", media_type="image/png", size=len(data)
    )
    put_file(put, data)
    return generation.complete_upload(upload_id=upload.pk, owner=stage.collector)


def test_what_the_mask_leaves_out_is_delivered_as_it_was(stage: Stage, settle: Settle) -> None:
    commission = stage.order(mask_id=send_mask(stage).pk)
    services.pay(commission=commission, payment_method=VISA)
    settle()
    commission.refresh_from_db()
    assert commission.artwork is not None
    original = commission.artwork.original
    assert original is not None
    assert [given.name for given in Job.objects.get(commission=commission).pictures] == ["content", "style", "mask"]
    painted = _pixels(storage.get(storage.Bucket.PRIVATE, original.key))
    photograph = _pixels(storage.get(storage.Bucket.PRIVATE, stage.photograph.key))
    assert np.array_equal(painted[140:], photograph[140:])
    assert np.abs(painted[:116] - photograph[:116]).mean() > 5


def test_a_mask_is_ones_own_and_has_the_photographs_shape(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.order(mask_id=send_photograph(stage.artist.user).pk)
    with pytest.raises(InvalidInput) as caught:
        stage.order(mask_id=send_mask(stage, 256, 100).pk)
    assert list(caught.value.data["errors"]) == ["mask"]


def test_a_mask_that_marks_nothing_is_refused_before_the_card_is_asked(
    stage: Stage, client_of: Callable[[User], APIClient]
) -> None:
    body = {"listing": str(stage.listing.pk), "photograph": str(stage.photograph.pk), "parameters": {"size": 256},
            "mask": str(send_mask(stage, brightest=0).pk), "payment_method": VISA}  # fmt: skip
    refused = client_of(stage.collector).post("/api/v1/commissions/", body, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["mask"])
    assert not Commission.objects.exists()
    assert not Payment.objects.exists()
    body["mask"] = str(send_mask(stage, brightest=1).pk)  # hardly anything is not nothing
    assert client_of(stage.collector).post("/api/v1/commissions/", body, format="json").status_code == 201


def _pixels(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.float64)
