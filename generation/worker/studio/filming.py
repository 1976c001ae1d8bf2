"""From a film's frames to the files that are kept: the original without loss, a smaller film to be shown, a poster.

Both films are animated WebP: it needs nothing beyond Pillow, every browser of the last years plays it where it shows a
picture, C2PA manifests fit into it, and it keeps pixels without loss, so that a film made again can be compared.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image

from generation.engines.base import Artifact
from generation.engines.canvas import Canvas
from generation.engines.errors import EngineFault
from generation.engines.reel import Reel, to_webp
from generation.worker.studio.animation import animate
from generation.worker.studio.encoding import Encoded, encode_smaller, encode_work, fit, pixels_sha256
from generation.worker.studio.png import write_png

SHOWN_WIDTH = 640
AT_ONCE = 16  # frames in memory
_SHOWN: dict[str, object] = {"quality": 75, "method": 2}
SHORTEST, LONGEST = 1 / 60, 10.0  # seconds that one frame is shown; browsers slow down what is much shorter


@dataclass(frozen=True, slots=True)
class Developed:
    """All files of one work, and what they show."""

    files: Sequence[Encoded]
    width: int
    height: int
    pixels_sha256: str
    frames: int = 1
    duration_ms: int = 0


def develop(artifact: Artifact, *, is_film: bool, going_on: Callable[[], None], aside: Path) -> Developed:
    """Encode what an engine made; `going_on` is called at every frame of a film, and may raise to stop.

    The original of a picture that is too large for memory is written to the file `aside`. Raises ScratchFull;
    EngineFault where it is no film and should be, or the other way round; UserError where it is too long.
    """
    if is_film != bool(artifact.frames):
        raise EngineFault("The engine made no film." if is_film else "The engine made a film, and said it would not.")
    image = artifact.image.convert("RGB")
    if artifact.canvas is not None:
        return _print(artifact.canvas, image, going_on, aside)
    if not is_film:
        return Developed(list(encode_work(image)), image.width, image.height, pixels_sha256(image))
    return _film(image, artifact.frames, artifact.frame_seconds, going_on)


def _print(canvas: Canvas, image: Image.Image, going_on: Callable[[], None], aside: Path) -> Developed:
    aside.parent.mkdir(parents=True, exist_ok=True)
    write_png(canvas, aside, going_on)
    original = Encoded("original", "png", canvas.width, canvas.height, aside)
    return Developed([original, *encode_smaller(image)], canvas.width, canvas.height, canvas.pixels_sha256)


def _film(
    poster: Image.Image, frames: Sequence[Image.Image], frame_seconds: float, going_on: Callable[[], None]
) -> Developed:
    if len(frames) < 2 or not SHORTEST - 1e-9 <= frame_seconds <= LONGEST:
        raise EngineFault("The engine made no film: it takes two frames, each shown for a 60th of a second or longer.")
    reel = Reel.of(frames)
    if poster.size != reel.size:
        raise EngineFault("The picture that stands for a film is as large as the film.")
    width, height = reel.size
    durations = milliseconds(len(reel), frame_seconds)
    hashed = hashlib.sha256(f"{width}x{height}x{len(reel)}:".encode())
    shown: list[bytes] = []
    with ThreadPoolExecutor(max(1, min(len(os.sched_getaffinity(0)), 8))) as pool:
        for frame, smaller in _together(pool, reel):
            hashed.update(f"{durations[len(shown)]}:".encode() + frame.tobytes())
            shown.append(smaller)
            going_on()
    small = fit(poster, SHOWN_WIDTH, height)
    films = [
        Encoded("original", "webp", width, height, animate(reel.encoded, reel.size, durations)),
        Encoded("film", "webp", small.width, small.height, animate(shown, small.size, durations)),
    ]
    files = [*films, *encode_smaller(poster)]
    return Developed(files, width, height, hashed.hexdigest(), len(reel), sum(durations))


def milliseconds(count: int, frame_seconds: float) -> list[int]:
    """How long each of `count` frames is shown in whole milliseconds, none of them late by more than half of one."""
    starts = [round(number * frame_seconds * 1000) for number in range(count + 1)]
    return [after - before for before, after in pairwise(starts)]


def _together(pool: ThreadPoolExecutor, reel: Reel) -> Iterator[tuple[Image.Image, bytes]]:
    """Each frame with its smaller encoding; only a few are in memory at a time."""
    for start in range(0, len(reel), AT_ONCE):
        some = reel[start : start + AT_ONCE]
        yield from zip(some, pool.map(_smaller, some), strict=True)


def _smaller(frame: Image.Image) -> bytes:
    return to_webp(fit(frame, SHOWN_WIDTH, frame.height), _SHOWN)
