"""The quality “print”: a picture of any size in bounded memory, the same as if it were painted at once."""

import torch

from generation.engines.base import Artifact, Context
from generation.engines.canvas import Canvas
from generation.engines.pictures import fitted_size, to_pixels
from generation.engines.scratch import check_room
from generation.engines.style import streaming
from generation.engines.style.brief import Brief
from generation.engines.style.declarations import MOST_SIDE
from generation.engines.style.draft import PREVIEW_SIDE, paint_at
from generation.engines.style.networks import StyleNetworks
from generation.engines.style.scene import Scene

SHOWN_SIDE = MOST_SIDE["draft"]  # of the picture in memory that stands for the whole
STRIP_PIXELS = 1 << 20  # 600 bytes each, at most
_NUMBERS_A_PIXEL = 12  # on disk, where most of them lie there: between the last two enlargements


def paint(networks: StyleNetworks, brief: Brief, context: Context) -> list[Artifact]:
    """Paint the photograph; raises ScratchFull, Cancelled."""
    context.progress(0.0, stage="Looking at the styles")
    manner = brief.manner(networks)
    width, height = fitted_size(brief.photograph, brief.chosen.size)
    check_room(width * height * (_NUMBERS_A_PIXEL * networks.transformer.dtype.itemsize + 3))
    context.progress(0.0, paint_at(networks, brief, manner, PREVIEW_SIDE), "Painting")
    canvas = paint_canvas(networks, brief, manner, context, rows=STRIP_PIXELS // width)
    image = canvas.reduced(SHOWN_SIDE)
    context.progress(1.0, image, "Painted")
    return [Artifact(image=image, canvas=canvas)]


def paint_canvas(networks: StyleNetworks, brief: Brief, manner: torch.Tensor, context: Context, *, rows: int) -> Canvas:
    """Paint about `rows` rows at a time in the manner that `Brief.manner` gives; raises ScratchFull, Cancelled."""
    scene = Scene(brief, brief.chosen.size, networks.device)
    canvas = Canvas(scene.size)

    def write(first: int, painted: torch.Tensor) -> None:
        canvas.append(to_pixels(scene.finished(first, painted)))

    streaming.paint(
        networks.transformer, manner, scene.picture, write, height=scene.padded_height, strip=rows,
        shares=scene.shares if len(manner) > 1 else None,
        going_on=lambda done: context.progress(done, None, "Painting"),
    )  # fmt: skip
    return canvas
