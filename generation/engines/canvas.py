"""A picture that is too large for memory: its rows lie in a file, and are written and read a few at a time."""

import hashlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

from generation.engines.errors import EngineFault
from generation.engines.scratch import disk_guard, scratch_file

_AT_ONCE = 1 << 24  # bytes of rows in memory
Rows = npt.NDArray[np.uint8]  # (rows, width, 3)


class Canvas:
    """RGB rows of one picture, from the top down; it is whole once it has all of them."""

    def __init__(self, size: tuple[int, int]) -> None:
        """Make room for a picture of this width and height."""
        self.width, self.height = size
        self.filled = 0  # rows
        self._file = scratch_file(self)

    def append(self, rows: Rows) -> None:
        """Write the next rows (n, width, 3); raises EngineFault where they do not fit, ScratchFull."""
        if rows.shape[1:] != (self.width, 3) or self.filled + len(rows) > self.height:
            raise EngineFault("These rows do not belong to this picture.")
        with disk_guard():
            self._file.seek(self.filled * self.width * 3)
            _write(self._file, np.ascontiguousarray(rows).data.cast("B"))
        self.filled += len(rows)

    def strips(self, rows: int = 0) -> Iterator[Rows]:
        """Read the picture from the top down, so many rows at a time; raises EngineFault where rows are missing."""
        if self.filled != self.height:
            raise EngineFault(f"The picture is not whole: it has {self.filled} of {self.height} rows.")
        rows = rows or max(1, _AT_ONCE // (self.width * 3))
        for first in range(0, self.height, rows):
            count = min(rows, self.height - first)
            self._file.seek(first * self.width * 3)
            data = bytearray(count * self.width * 3)
            filled = 0
            while filled < len(data):  # one read gives 2 GB at most, or less
                filled += self._file.readinto(memoryview(data)[filled:])  # type: ignore[attr-defined]
            yield np.frombuffer(data, np.uint8).reshape(count, self.width, 3)

    def reduced(self, longest: int) -> Image.Image:
        """A picture of it in memory whose longer side has at most `longest` pixels."""
        scale = max(1.0, max(self.width, self.height) / longest)
        size = max(1, round(self.width / scale)), max(1, round(self.height / scale))
        step = int(scale)  # the mean of so many pixels each way first: then it fits into memory
        at_once = step * max(1, _AT_ONCE // (self.width * 3 * step))
        coarse = [np.asarray(Image.fromarray(strip).reduce(step)) for strip in self.strips(at_once)]
        # The last block of rows and of columns may be cut short, and is then a little less than a pixel.
        box = (0.0, 0.0, self.width / step, self.height / step)
        return Image.fromarray(np.concatenate(coarse)).resize(size, Image.Resampling.LANCZOS, box=box)

    @property
    def pixels_sha256(self) -> str:
        """What the picture is, whatever file it lies in: the hash of its size and its RGB values, row by row."""
        hashed = hashlib.sha256(f"{self.width}x{self.height}:".encode())
        for strip in self.strips():
            hashed.update(strip.data)
        return hashed.hexdigest()


def _write(file: object, data: memoryview) -> None:
    """Write all of it: the system takes 2 GB at once at most, or less."""
    while data:
        data = data[file.write(data) :]  # type: ignore[attr-defined]
