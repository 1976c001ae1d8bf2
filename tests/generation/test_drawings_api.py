"""Drawings over HTTP: recognised, found by name, cleaned, taken as SVG, and made pictures that carry their credit."""

import io
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image
from rest_framework.test import APIClient

from generation import selectors, services
from generation.models import Artwork, Upload
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput
from marketplace.core.storage import Bucket
from tests.generation.engines.scribble.drawing import ring, roughly
from tests.generation.test_api import with_token

HOUSE = "openmoji-1F3E0"
SMALL = {"size": 256}


def sent(strokes: list[np.ndarray[Any, Any]]) -> list[list[list[float]]]:
    return [stroke.tolist() for stroke in strokes]


def test_anybody_may_ask_what_a_scribble_means(db: None) -> None:
    asked = {"strokes": sent(roughly(HOUSE)), "count": 6}
    answer = APIClient().post(reverse("api-drawings-suggest"), asked, format="json")
    assert answer.status_code == 200
    found = answer.json()
    assert len(found) == 6
    (house,) = [one["drawing"] for one in found if one["drawing"]["id"] == HOUSE]
    assert house["name"] == "house"
    assert (house["licence"], house["shares_alike"]) == ("CC-BY-SA-4.0", True)
    assert house["credit"].endswith("OpenMoji (CC-BY-SA-4.0)")
    assert house["svg_url"] == f"http://testserver/api/v1/drawings/{HOUSE}/drawing.svg"


@pytest.mark.parametrize("where", ["api-drawings-suggest", "api-drawings-clean"])
@pytest.mark.parametrize("strokes", [None, [], "x", [[[1, "a"]]], [[[1, 1]]], {"a": 1}])
def test_what_is_no_drawing_is_a_problem_of_the_strokes(db: None, where: str, strokes: Any) -> None:
    answer = APIClient().post(reverse(where), {"strokes": strokes}, format="json")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["strokes"]


def test_own_lines_come_back_cleaned(db: None) -> None:
    answer = APIClient().post(reverse("api-drawings-clean"), {"strokes": sent([ring(wobble=0.04)])}, format="json")
    svg = answer.json()["svg"]
    assert svg.startswith("<svg ")
    assert svg.count("<path") == 1
    assert svg.count("C") == 4  # a circle


def test_drawings_are_found_by_name(db: None) -> None:
    client = APIClient()
    found = client.get(reverse("api-drawings"), {"search": "house"}).json()
    assert found[0]["name"] == "house"
    assert client.get(reverse("api-drawings")).json() == []
    assert client.get(reverse("api-drawing", args=[HOUSE])).json()["id"] == HOUSE
    missing = client.get(reverse("api-drawing", args=["openmoji-none"]))
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")


def test_a_drawing_s_file_is_a_picture_that_can_do_nothing(db: None) -> None:
    answer = APIClient().get(reverse("api-drawing-svg", args=[HOUSE]))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"OpenMoji" in answer.content
    assert b"evenodd" in answer.content
    lines = APIClient().get(reverse("api-drawing-svg", args=[HOUSE]), {"lines": "1"})
    assert b"evenodd" not in lines.content
    assert APIClient().get(reverse("api-drawing-svg", args=["none"])).status_code == 404


def test_a_picture_of_a_drawing_is_an_upload_with_its_credit(api: APIClient, user: User) -> None:
    asked = {"parameters": {"drawing": HOUSE, **SMALL}, "seed": 4}
    answer = api.post(reverse("api-drawing-pictures"), asked, format="json")
    assert answer.status_code == 201
    upload = Upload.objects.get()
    assert (upload.owner, upload.state, upload.width) == (user, Upload.State.READY, 256)
    assert answer.json()["credit"] == upload.credit == selectors.drawing_by_id(HOUSE).credit
    with Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, upload.key))) as kept:
        assert kept.size == (256, 256)
    again = services.draw_picture(owner=user, parameters=asked["parameters"], seed=4)  # type: ignore[arg-type]
    assert again.sha256 == upload.sha256


def test_a_picture_of_one_s_own_lines_is_one_s_own(user: User) -> None:
    strokes = sent([ring()])
    assert services.draw_picture(owner=user, parameters={"strokes": strokes, **SMALL}).credit == ""


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"drawing": "openmoji-none"}, "parameters.drawing"),
        ({"size": 2048}, "parameters.size"),
        ({"palette": "beige"}, "parameters.palette"),
        ({"strokes": [[[1, 1]]]}, "parameters.strokes"),
    ],
)
def test_a_picture_that_cannot_be_made_leaves_nothing_behind(
    user: User, parameters: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        services.draw_picture(owner=user, parameters=parameters)
    assert list(caught.value.data["errors"]) == [field]
    assert not Upload.objects.exists()


def test_a_picture_needs_somebody_who_may_upload(user: User) -> None:
    where, asked = reverse("api-drawing-pictures"), {"parameters": SMALL}
    assert APIClient().post(where, asked, format="json").status_code in {401, 403}
    assert with_token(user, "read").post(where, asked, format="json").status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_credit_goes_from_the_drawing_into_the_recipe_of_every_work_made_after_it(user: User) -> None:
    credit = selectors.drawing_by_id(HOUSE).credit
    drawn = services.submit_job(owner=user, engine="scribble", parameters={"drawing": HOUSE, **SMALL}, seed=1)
    assert drawn.pk in run_next_batch("cpu")
    work = Artwork.objects.get(job=drawn)
    assert work.credits == work.public_recipe["credits"] == [credit]

    given = selectors.input_from_artwork(name="exemplar", artwork_id=work.pk, user=user)
    assert given.credit == credit
    grown = services.submit_job(owner=user, engine="texture", parameters={"size": 64, "method": "fast"}, inputs=[given])
    assert grown.pk in run_next_batch("cpu")
    after = Artwork.objects.get(job=grown)
    assert after.credits == [credit]
    assert after.public_recipe["inputs"] == [{"name": "exemplar", "sha256": given.sha256, "credit": credit}]
