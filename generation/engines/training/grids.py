"""Samples side by side."""

import math

from PIL import Image
from torch import Tensor

from generation.engines.pictures import to_image

_WIDEST = 1024


def contact_sheet(pictures: Tensor) -> Image.Image:
    """Pictures N x 3 x R x R in -1..1 as one, as square as it comes; at most 1,024 pixels wide.

    An even number of them a row, so that pairs stay together.
    """
    across = 2 * math.ceil(math.sqrt(len(pictures)) / 2)
    side = min(pictures.shape[-1], _WIDEST // across)
    sheet = Image.new("RGB", (across * side, math.ceil(len(pictures) / across) * side), "white")
    for place, picture in enumerate(pictures):
        image = to_image((picture[None].float() + 1.0) / 2.0)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        sheet.paste(image, (place % across * side, place // across * side))
    return sheet
