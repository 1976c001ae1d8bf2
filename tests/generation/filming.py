"""Films as files: painted, put together, laid aside, and read frame by frame."""

import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image

from generation import services
from generation.engines.reel import Reel
from generation.models import Artwork, Job
from generation.worker.running import run_next_batch
from generation.worker.studio.animation import animate
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket


def frames(count: int = 6, size: tuple[int, int] = (33, 20), seed: int = 1) -> list[Image.Image]:
    """Pictures of noise, each another."""
    random = np.random.default_rng(seed)
    return [Image.fromarray(random.integers(20, 230, (*size[::-1], 3), dtype=np.uint8)) for _ in range(count)]


def film(pictures: list[Image.Image], duration: int = 50) -> bytes:
    """An animated WebP without loss."""
    reel = Reel(pictures)
    return animate(reel.encoded, reel.size, [duration] * len(reel))


def shown(data: bytes) -> Iterator[tuple[Image.Image, int]]:
    """The frames of a film file, and for how many milliseconds each is shown."""
    with Image.open(io.BytesIO(data)) as opened:
        for place in range(opened.n_frames):  # type: ignore[attr-defined]  # of animated formats only
            opened.seek(place)
            picture = opened.convert("RGB")
            yield picture, opened.info["duration"]


def pixels_sha256(data: bytes) -> str:
    """What the studio calls a film's pixels, reckoned from its file alone."""
    read = list(shown(data))
    width, height = read[0][0].size
    hashed = hashlib.sha256(f"{width}x{height}x{len(read)}:".encode())
    for picture, duration in read:
        hashed.update(f"{duration}:".encode() + picture.tobytes())
    return hashed.hexdigest()


def make(owner: User, **parameters: Any) -> Artwork:
    """Have the toy film engine make a film, from the order to the work."""
    job = services.submit_job(owner=owner, engine="toy-film", parameters=parameters, seed=5, title="Square")
    assert job.pk in run_next_batch("cpu")
    job.refresh_from_db()
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    return Artwork.objects.get(job=job)


def original(artwork: Artwork) -> bytes:
    assert artwork.original is not None
    return storage.get(Bucket.PRIVATE, artwork.original.key)


def tamper(artwork: Artwork, change: Callable[[list[Image.Image]], list[Image.Image]]) -> None:
    """Somebody reached past the house into the object store, and changed some frames."""
    assert artwork.original is not None
    pictures = [picture for picture, _ in shown(original(artwork))]
    storage.put(Bucket.PRIVATE, artwork.original.key, film(change(pictures)), media_type="image/webp")
