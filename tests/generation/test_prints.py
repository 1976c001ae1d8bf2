"""Prints from the engine to the shelf: the original never lies whole in memory, and is signed and kept like any."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from PIL import Image

from generation import provenance, services
from generation.engines.canvas import Canvas
from generation.engines.errors import EngineFault, InvalidInputs
from generation.models import Artwork, Check, Job, JobInput, SignatureState, Upload, Verdict
from generation.provenance import comparing
from generation.worker.running import run_next_batch
from generation.worker.studio import decoding
from generation.worker.studio.encoding import pixels_sha256
from generation.worker.studio.png import write_png
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation.conftest import encoded
from tests.generation.engines.studio import photograph

database = pytest.mark.django_db(transaction=True)
Send = Callable[..., Upload]


def canvas_of(image: Image.Image, rows: int = 7) -> Canvas:
    canvas = Canvas(image.size)
    pixels = np.asarray(image)
    for first in range(0, image.height, rows):
        canvas.append(pixels[first : first + rows])
    return canvas


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (301, 77)])
def test_a_png_written_strip_by_strip_holds_the_pixels(size: tuple[int, int], tmp_path: Path) -> None:
    image = photograph("astronaut.png").resize(size)
    heard: list[int] = []
    write_png(canvas_of(image), tmp_path / "print.png", lambda: heard.append(1))
    assert Image.open(tmp_path / "print.png").convert("RGB").tobytes() == image.tobytes()
    assert canvas_of(image).pixels_sha256 == pixels_sha256(image)
    assert heard


def test_a_png_is_not_much_larger_than_pillows(tmp_path: Path) -> None:
    image = photograph("coffee.png")
    write_png(canvas_of(image), tmp_path / "print.png", lambda: None)
    assert (tmp_path / "print.png").stat().st_size < 1.2 * len(encoded(image, compress_level=6))


def test_a_canvas_is_whole_or_cannot_be_read() -> None:
    canvas = Canvas((4, 3))
    canvas.append(np.zeros((2, 4, 3), np.uint8))
    with pytest.raises(EngineFault):
        next(canvas.strips())
    with pytest.raises(EngineFault):
        canvas.append(np.zeros((2, 4, 3), np.uint8))
    with pytest.raises(EngineFault):
        canvas.append(np.zeros((1, 5, 3), np.uint8))


def test_a_canvas_is_reduced_to_what_can_be_shown() -> None:
    image = photograph("coffee.png")  # 600 x 400
    reduced = canvas_of(image).reduced(150)
    assert reduced.size == (150, 100)
    usual = image.resize((150, 100), Image.Resampling.LANCZOS)
    assert np.abs(np.asarray(reduced, float) - np.asarray(usual, float)).mean() < 4


@pytest.fixture
def printed(user: User, send: Send) -> Artwork:
    return make_print(user, send)


def make_print(user: User, send: Send) -> Artwork:
    given = []
    for name, source in (("content", "astronaut.png"), ("style", "coffee.png")):
        upload = send(encoded(photograph(source).resize((256, 256))), owner=user)
        services.complete_upload(upload_id=upload.pk, owner=user)
        upload.refresh_from_db()
        given.append(JobInput.of_upload(name, upload))
    job = services.submit_job(
        owner=user, engine="arbitrary-style", parameters={"quality": "print", "size": 300}, inputs=given, seed=1
    )
    assert run_next_batch("gpu") == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.error_detail) == (Job.State.SUCCEEDED, "")
    return Artwork.objects.get(job=job)


@database
def test_a_print_becomes_a_work_like_any_other(printed: Artwork, settings: LazySettings) -> None:
    original = printed.original
    assert original is not None
    assert (printed.width, original.width, original.format) == (300, 300, "png")
    data = storage.get(Bucket.PRIVATE, original.key)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (original.bytes, original.sha256)
    manifest = provenance.read(data, "image/png")
    assert manifest is not None
    assert manifest.is_valid
    assert printed.pixels_sha256 == pixels_sha256(Image.open(io.BytesIO(data)).convert("RGB"))
    assert {file.role for file in printed.files.all()} == {"original", "preview", "thumbnail"}
    assert list((Path(settings.ATELIER.data_dir) / "prints").iterdir()) == []  # nothing is left on this machine


@database
def test_a_print_is_made_again_and_is_the_same(printed: Artwork, user: User) -> None:
    job = services.request_check(artwork_id=printed.pk, by=user)
    assert run_next_batch("gpu") == [job.pk]
    check = Check.objects.get(artwork=printed)
    assert (check.verdict, check.file_is_intact) == (Verdict.IDENTICAL, True)
    assert check.signature in {SignatureState.TRUSTED, SignatureState.VALID}


@database
def test_a_print_that_was_changed_is_compared_pixel_by_pixel(printed: Artwork, user: User) -> None:
    Artwork.objects.filter(pk=printed.pk).update(pixels_sha256="0" * 64)
    services.request_check(artwork_id=printed.pk, by=user)
    run_next_batch("gpu")
    check = Check.objects.get(artwork=printed)
    assert (check.verdict, check.largest_difference) == (Verdict.IDENTICAL, 0)


def test_pictures_larger_than_pillow_takes_from_strangers_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    image = photograph("coffee.png")  # 600 x 400
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100_000)
    monkeypatch.setattr(comparing, "_BAND", 50)
    other = image.copy()
    other.putpixel((5, 300), (0, 0, 0))
    apart = provenance.difference(encoded(image), io.BytesIO(encoded(other)))
    assert apart is not None
    assert apart.largest == max(image.getpixel((5, 300)))  # type: ignore[arg-type]


def test_a_print_may_be_given_to_an_engine_which_sees_it_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(photograph("coffee.png"))  # 600 x 400
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100_000)
    monkeypatch.setattr(decoding, "KEPT_PIXELS", 70_000)
    told = [{"name": "style", "sha256": hashlib.sha256(data).hexdigest()}]
    (picture,) = decoding.decode_inputs(told, [data])["style"]
    assert picture.image.size == (300, 200)
    monkeypatch.setattr(decoding, "MOST_PIXELS", 239_999)
    with pytest.raises(InvalidInputs, match="too many pixels"):
        decoding.decode_inputs(told, [data])
