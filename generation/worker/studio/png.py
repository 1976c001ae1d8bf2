"""PNG files of pictures that are too large for memory, written a few rows at a time (W3C, PNG third edition).

Pillow writes a picture that it holds whole. What is written here is read by anything: one zlib stream over all rows,
each of them told from the row above or the pixel before, whichever leaves the smaller numbers.
"""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from generation.engines.canvas import Canvas, Rows
from generation.engines.scratch import disk_guard

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LEVEL = 4  # twice as quick as the usual 6, and larger by a fiftieth
_BEFORE, _ABOVE = 1, 2  # PNG's numbers for the two filters
_MOST_DATA = 1 << 20  # bytes of one chunk


def write_png(canvas: Canvas, into: Path, going_on: Callable[[], None]) -> None:
    """Write a canvas as eight-bit RGB; `going_on` is called after some rows and may raise. Raises ScratchFull."""
    deflate = zlib.compressobj(_LEVEL)
    above = np.zeros((1, canvas.width, 3), np.uint8)
    with into.open("wb") as file, disk_guard():
        file.write(_SIGNATURE)
        file.write(_chunk(b"IHDR", struct.pack(">IIBBBBB", canvas.width, canvas.height, 8, 2, 0, 0, 0)))
        for strip in canvas.strips():
            packed = deflate.compress(_filtered(strip, above))
            for at in range(0, len(packed), _MOST_DATA):
                file.write(_chunk(b"IDAT", packed[at : at + _MOST_DATA]))
            above = strip[-1:]
            going_on()
        file.write(_chunk(b"IDAT", deflate.flush()))
        file.write(_chunk(b"IEND", b""))


def _filtered(strip: Rows, above: Rows) -> bytes:
    """Rows as PNG keeps them: the number of a filter, then what it leaves."""
    rows = len(strip)
    up = (strip - np.concatenate([above, strip[:-1]])).reshape(rows, -1)
    left = strip.copy()
    left[:, 1:] -= strip[:, :-1]
    left = left.reshape(rows, -1)
    # As signed numbers small ones are near nought on both sides.
    takes_up = np.abs(up.view(np.int8)).sum(1, dtype=np.int64) < np.abs(left.view(np.int8)).sum(1, dtype=np.int64)
    kinds = np.where(takes_up, _ABOVE, _BEFORE).astype(np.uint8)
    return np.concatenate([kinds[:, None], np.where(takes_up[:, None], up, left)], axis=1).tobytes()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))
