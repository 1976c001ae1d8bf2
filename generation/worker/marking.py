"""The watermark of proofs: tiled over the whole picture, so that what is cut out of it shows it too.

A proof is marked in everything that is shown of it. The picture itself stays whole, in private, and its clean previews
with it: they take the marked ones' place as soon as the work is somebody's.
"""

import io
import math
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from generation.models import Job, Priority, Purpose

TEXT = "PROOF · ATELIER"
_STRENGTH = 96  # of 255: read at a glance on light and dark, and the picture can still be judged
_TILES = 3  # across a picture
_SLANT = 28  # degrees
_SAVED: dict[str, dict[str, object]] = {
    "webp": {"quality": 84, "method": 4}, "avif": {"quality": 62, "speed": 8},
}  # fmt: skip


def is_marked(job: Job) -> bool:
    """Whether what a job makes is shown with a watermark: proofs are, quick drafts to choose by are not."""
    return job.as_proof and job.purpose == Purpose.WORK and job.priority != Priority.LIVE


def mark_file(data: bytes, media_format: str) -> bytes:
    """A picture's or a film's bytes, every frame of it marked; of the same format, size and length."""
    with Image.open(io.BytesIO(data)) as image:
        out = io.BytesIO()
        frames, durations = [], []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(mark(image.convert("RGB")))
            durations.append(image.info.get("duration", 0))
        options = dict(_SAVED.get(media_format, {}))
        if len(frames) > 1:
            options |= {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0}
        frames[0].save(out, media_format.upper(), **options)
    return out.getvalue()


def mark(image: Image.Image) -> Image.Image:
    """The picture with the watermark over it."""
    veil = _veil(*image.size)
    return Image.composite(Image.new("RGB", image.size, "white"), _shaded(image, veil), veil)


def _shaded(image: Image.Image, veil: Image.Image) -> Image.Image:
    """A dark rim behind the letters, so that they are read on light pictures too."""
    rim = max(1, image.width // 400)
    behind = Image.new("L", image.size, 0)
    behind.paste(veil, (rim, rim))
    return Image.composite(Image.new("RGB", image.size, "black"), image, behind)


@lru_cache(maxsize=16)
def _veil(width: int, height: int) -> Image.Image:
    """Where the letters are: a mask of the picture's size."""
    side = math.ceil(math.hypot(width, height))
    font = ImageFont.load_default(max(8, width / (_TILES * 8)))
    sheet = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(sheet)
    left, top, right, bottom = draw.textbbox((0, 0), TEXT, font=font)
    across, down = (right - left) * 1.35, (bottom - top) * 4.5
    for row in range(math.ceil(side / down) + 1):
        for column in range(-1, math.ceil(side / across) + 1):
            draw.text((column * across + (row % 2) * across / 2, row * down), TEXT, fill=_STRENGTH, font=font)
    turned = sheet.rotate(_SLANT, Image.Resampling.BILINEAR)
    x, y = (side - width) // 2, (side - height) // 2
    return turned.crop((x, y, x + width, y + height))
