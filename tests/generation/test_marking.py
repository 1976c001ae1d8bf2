"""Proofs are shown with a watermark, whole and clean once they are somebody's."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generation import services
from generation.models import Artwork, Priority
from generation.worker.marking import mark, mark_file
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_the_watermark_is_read_on_every_ground_and_in_every_part(shade: int) -> None:
    marked = np.asarray(mark(Image.new("RGB", (960, 640), (shade, shade, shade))).convert("L")).astype(int)
    changed = np.abs(marked - shade) > 20
    assert 0.02 < changed.mean() < 0.25
    for row in np.split(changed, 4):
        for part in np.split(row, 4, axis=1):
            assert part.any()


def test_a_film_is_marked_in_every_frame() -> None:
    frames = [Image.new("RGB", (320, 200), (40 * number, 90, 120)) for number in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=[100, 200, 300], lossless=True)
    with Image.open(io.BytesIO(mark_file(out.getvalue(), "webp"))) as film:
        assert getattr(film, "n_frames", 1) == 3
        for number in range(3):
            film.seek(number)
            assert np.asarray(film.convert("RGB")).std(axis=(0, 1)).max() > 3


def proof(owner: User, **more: Any) -> Artwork:
    asked: dict[str, Any] = {"engine": "flow-field", "parameters": {"size": 256}, "seed": 3, "as_proof": True}
    job = services.submit_job(owner=owner, **(asked | more))
    assert job.pk in run_next_batch(job.queue)
    return Artwork.objects.get(job=job)


def differs(artwork: Artwork) -> float:
    """What part of what is shown of a work is not as in its original."""
    original = artwork.original
    assert original is not None
    [file] = [file for file in artwork.files.all() if file.url and file.url == artwork.preview_url()]
    pictures = []
    for bucket, key in ((Bucket.PRIVATE, original.key), (Bucket.PUBLIC, file.key)):
        with Image.open(io.BytesIO(storage.get(bucket, key))) as image:
            pictures.append(np.asarray(image.convert("L")).astype(int))
    return float((np.abs(pictures[0] - pictures[1]) > 40).mean())


def test_a_proof_is_marked_until_it_is_somebodys(
    transactional_db: None, make_user: Callable[..., User], settle: Callable[[], None]
) -> None:
    artwork = proof(make_user())
    assert {file.is_marked for file in artwork.files.all() if file.url} == {True}
    assert artwork.job.preview_key in {file.key for file in artwork.files.filter(is_marked=True)}
    assert differs(artwork) > 0.01
    services.transfer_artwork(artwork_id=artwork.pk, owner=make_user())
    settle()
    artwork = Artwork.objects.get(pk=artwork.pk)
    assert not artwork.files.filter(is_marked=True).exists()
    assert differs(artwork) < 0.01
    services.unveil_artwork(artwork_id=artwork.pk)
    assert Artwork.objects.get(pk=artwork.pk).preview_url() == artwork.preview_url()


def test_a_draft_to_choose_by_is_not_marked(transactional_db: None, user: User) -> None:
    assert not proof(user, priority=Priority.LIVE).files.filter(is_marked=True).exists()
