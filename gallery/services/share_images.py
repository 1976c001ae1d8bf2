"""The picture that a link to a work is shown with elsewhere: 1200 by 630 pixels, the whole work and its name.

It is drawn from the work's largest fitting preview when somebody first asks, and kept in private, under what it was
drawn from: whoever asks goes through a page, which a work that was taken down or held back no longer answers.
"""

import io
from datetime import timedelta
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from generation.models import Artwork, ArtworkFile, FileRole
from marketplace.core import storage
from marketplace.core.paper.fonts import drawable, font_file
from marketplace.core.storage import Bucket, ObjectMissing

WIDTH, HEIGHT = 1200, 630
FOLDER = "shares"
KEPT = timedelta(days=30)
_VERSION = "1"
_ROOM = (1104, 470)  # pixels for the picture
_TOP, _MARGIN = 48, 48
_INK, _SOFT = (245, 240, 230), (190, 184, 172)
_BLUR, _SHADE = 40, 0.62  # the work itself, far out of focus and darkened, is what it hangs on
_QUALITY = 88


def share_image(*, artwork: Artwork) -> bytes:
    """A JPEG to be shown with a link to a work that anybody may see.

    Raises ObjectMissing where there is no picture to be shown, StorageUnavailable.
    """
    preview = _preview(artwork)
    hand = artwork.artist or artwork.style_artist
    words = (artwork.display_title, hand.name if hand else settings.ATELIER.house_name)
    told = "\0".join([_VERSION, preview.sha256, *words, settings.ATELIER.house_name])
    key = storage.content_key(FOLDER, sha256(told.encode()).hexdigest(), "jpg")
    try:
        return storage.get(Bucket.PRIVATE, key)
    except ObjectMissing:
        data = draw(storage.get(Bucket(preview.bucket), preview.key), *words)
        storage.put(Bucket.PRIVATE, key, data, media_type="image/jpeg")
        return data


def forget_share_images() -> int:
    """Remove those that were drawn a month ago: who is asked for is drawn again. Raises StorageUnavailable."""
    over = timezone.now() - KEPT
    old = [one.key for one in storage.list_objects(Bucket.PRIVATE, f"{FOLDER}/") if one.modified < over]
    for key in old:
        storage.delete(Bucket.PRIVATE, key)
    return len(old)


def draw(picture: bytes, title: str, hand: str) -> bytes:
    """The JPEG's bytes: the whole picture, below it title and hand, behind it the picture's own colours."""
    with Image.open(io.BytesIO(picture)) as opened:
        work = opened.convert("RGB")
    card = _ground(work)
    scale = min(_ROOM[0] / work.width, _ROOM[1] / work.height)
    size = max(1, round(work.width * scale)), max(1, round(work.height * scale))
    card.paste(work.resize(size, Image.Resampling.LANCZOS), ((WIDTH - size[0]) // 2, _TOP + (_ROOM[1] - size[1]) // 2))
    pen = ImageDraw.Draw(card)
    line = _TOP + _ROOM[1] + 24
    house = settings.ATELIER.house_name
    room = WIDTH - 2 * _MARGIN - _length(pen, house, 24) - 32
    _write(pen, (_MARGIN, line), _cut(pen, title, 34, room), 34, _INK)
    _write(pen, (_MARGIN, line + 42), _cut(pen, hand, 24, room), 24, _SOFT)
    _write(pen, (WIDTH - _MARGIN - _length(pen, house, 24), line + 42), house, 24, _SOFT)
    out = io.BytesIO()
    card.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


def _preview(artwork: Artwork) -> ArtworkFile:
    """The smallest preview that fills the room, or the largest."""
    files = [file for file in artwork.files.all() if file.role == FileRole.PREVIEW and file.format == "webp"]
    shown = sorted((file for file in files if file.url), key=lambda file: file.width)
    if not shown:
        raise ObjectMissing(gettext("There is no picture of it to be shown."))
    fills = (file for file in shown if file.width >= _ROOM[0] or file.height >= _ROOM[1])
    return next(fills, shown[-1])


def _ground(work: Image.Image) -> Image.Image:
    small = work.resize((120, 63), Image.Resampling.BOX)
    ground = small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(_BLUR))
    return Image.blend(ground, Image.new("RGB", ground.size, (14, 13, 12)), _SHADE)


def _cut(pen: ImageDraw.ImageDraw, text: str, size: int, room: float) -> str:
    """As much of a text as there is room for."""
    text = drawable(text)
    if _length(pen, text, size) <= room:
        return text
    while text and _length(pen, f"{text}…", size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def _length(pen: ImageDraw.ImageDraw, text: str, size: int) -> float:
    return pen.textlength(text, _font(str(font_file(text)), size))


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: tuple[int, int, int]
) -> None:
    pen.text(at, text, font=_font(str(font_file(text)), size), fill=colour)


@cache
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size)
