"""A work as other sites show it when somebody pastes its address (https://oembed.com, version 1.0)."""

from typing import Any

from django.conf import settings
from django.utils.html import format_html

from gallery.selectors.addresses import absolute, page_of
from generation.models import Artwork, ArtworkFile, FileRole

WIDEST, TALLEST = 1200, 900  # of what is answered where nobody says how much room there is
BELOW = 72  # pixels of the embedded page that are not picture: title and artist


def oembed_of(artwork: Artwork, *, most_width: int | None = None, most_height: int | None = None) -> dict[str, Any]:
    """The answer for a work that hangs: a photo, or of a film a page in a frame. Never larger than is asked for."""
    hand = artwork.artist or artwork.style_artist
    known = {
        "version": "1.0",
        "title": artwork.display_title,
        "provider_name": settings.ATELIER.house_name,
        "provider_url": absolute("/"),
        **({"author_name": hand.name, "author_url": page_of("artist", hand.slug)} if hand else {}),
    }
    room = min(most_width or WIDEST, WIDEST), min(most_height or TALLEST, TALLEST)
    if artwork.is_film:
        return known | {"type": "rich"} | _frame(artwork, *room) | _thumbnail(artwork, most_width, most_height)
    photo = _file(artwork, FileRole.PREVIEW, *room)
    width, height = fitted(photo, *room)
    shown = {"type": "photo", "url": absolute(photo.url), "width": width, "height": height}
    return known | shown | _thumbnail(artwork, most_width, most_height)


def frame_code(artwork: Artwork, width: int = 640) -> str:
    """What somebody pastes into their own page."""
    return str(_frame(artwork, width, TALLEST)["html"])


def fitted(file: ArtworkFile, width: int, height: int) -> tuple[int, int]:
    """The pixels in which a picture is shown in so much room, in its proportions; at most its own."""
    scale = min(width / file.width, height / file.height, 1.0)
    return max(1, min(width, round(file.width * scale))), max(1, min(height, round(file.height * scale)))


def _frame(artwork: Artwork, width: int, height: int) -> dict[str, Any]:
    scale = min(width / artwork.width, max(1, height - BELOW) / artwork.height, 1.0)
    size = max(1, min(width, round(artwork.width * scale))), min(height, round(artwork.height * scale) + BELOW)
    html = format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" style="border:0;max-width:100%"></iframe>',
        page_of("work-embed", artwork.pk), *size, artwork.display_title,
    )  # fmt: skip
    return {"html": html, "width": size[0], "height": size[1]}


def _thumbnail(artwork: Artwork, most_width: int | None, most_height: int | None) -> dict[str, Any]:
    """Left out where there is no room for it: thumbnails obey the same limits."""
    file = _file(artwork, FileRole.THUMBNAIL, most_width or WIDEST, most_height or TALLEST)
    if file.width > (most_width or file.width) or file.height > (most_height or file.height):
        return {}
    return {"thumbnail_url": absolute(file.url), "thumbnail_width": file.width, "thumbnail_height": file.height}


def _file(artwork: Artwork, role: str, width: int, height: int) -> ArtworkFile:
    """The largest file that fits, or the smallest there is."""
    files = [file for file in artwork.files.all() if file.format == "webp" and file.url and file.role == role]
    files = sorted(files or [file for file in artwork.files.all() if file.url], key=lambda file: file.width)
    fitting = [file for file in files if file.width <= width and file.height <= height]
    return fitting[-1] if fitting else files[0]
