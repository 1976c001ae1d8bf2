"""Where a line drawing encloses something: what a child would colour in."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from generation.engines.scribble.strokes import Stroke

_SIDE = 192  # of the grid on which regions are found
_LINE = 7  # how broad lines are drawn there: gaps up to about this many pixels are closed
_LEAST = 0.002  # of the whole: a smaller region is a gap between lines
_LINE_VALUE = 1

Mask = NDArray[np.float32]


def regions_of(strokes: Sequence[Stroke], side: int) -> list[Mask]:
    """What the strokes (in 0..1) enclose, the largest first: masks (side, side) in 0..1, up to under the lines."""
    grid = Image.new("L", (_SIDE, _SIDE), 0)
    pen = ImageDraw.Draw(grid)
    for stroke in strokes:
        points = [tuple(point) for point in stroke * _SIDE]
        pen.line(points if len(points) > 1 else points * 2, fill=_LINE_VALUE, width=_LINE, joint="curve")
        for x, y in stroke[[0, -1]] * _SIDE:  # a line ends round, so that it reaches over a gap
            pen.ellipse((x - _LINE / 2, y - _LINE / 2, x + _LINE / 2, y + _LINE / 2), fill=_LINE_VALUE)
    pen.rectangle((0, 0, _SIDE - 1, _SIDE - 1), outline=0)  # so that the outside is one region
    ImageDraw.floodfill(grid, (0, 0), 2)
    found = []
    for label in range(3, 255):
        left = np.argwhere(np.asarray(grid) == 0)
        if not len(left):
            break
        row, column = left[0]
        ImageDraw.floodfill(grid, (int(column), int(row)), label)
        if (np.asarray(grid) == label).mean() >= _LEAST:
            found.append(label)
    masks = [np.asarray(grid) == label for label in found]
    masks.sort(key=lambda mask: -int(mask.sum()))
    return [_enlarged(mask, side) for mask in masks]


def _enlarged(mask: NDArray[np.bool_], side: int) -> Mask:
    """A small mask at full size: grown by half a line, and smooth at its edges."""
    image = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(_LINE // 2 * 2 + 1))
    large = image.filter(ImageFilter.GaussianBlur(1)).resize((side, side), Image.Resampling.BICUBIC)
    steep = (np.asarray(large, dtype=np.float32) / 255 - 0.5) * max(1.0, side / _SIDE) + 0.5
    return steep.clip(0, 1)
