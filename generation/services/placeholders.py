"""Placeholders: what is seen of a work until its picture has come, small enough to travel within the page."""

import io
from base64 import b64encode

from PIL import Image

LONGEST = 16  # pixels of its longer side
_QUALITY = 40


def placeholder_of(image: Image.Image) -> str:
    """A picture as a WebP of at most 16 by 16 pixels, in base64 (about 150 characters).

    A browser stretches it over the picture's box, smoothly, without a script: hence no ThumbHash or BlurHash, which
    need one, or a decoder wherever a page is drawn.
    """
    scale = LONGEST / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    out = io.BytesIO()
    small = image.convert("RGB").resize(size, Image.Resampling.BOX if max(image.size) >= LONGEST else None)
    small.save(out, "WEBP", quality=_QUALITY, method=6)
    return b64encode(out.getvalue()).decode()
