"""The layers of a picture that is too large for memory: their channels lie in a file, and a few rows in memory."""

import os

import torch

from generation.engines.scratch import disk_guard, scratch_file


class Plane:
    """Channels of one layer (1, c, h, w) on disk, row by row and channels last."""

    def __init__(self, channels: int, height: int, width: int, dtype: torch.dtype, device: torch.device) -> None:
        self.channels, self.height, self.width = channels, height, width
        self.dtype, self.device = dtype, device
        self._row_bytes = width * channels * dtype.itemsize
        self._file = scratch_file(self)

    def write(self, first: int, rows: torch.Tensor) -> None:
        """Keep rows (1, c, n, w) from row `first` on; raises ScratchFull."""
        numbers = rows[0].permute(1, 2, 0).to("cpu", self.dtype).contiguous()  # (n, w, c)
        data = numbers.view(torch.uint8).numpy().data.cast("B")
        at = first * self._row_bytes
        with disk_guard():
            while data:
                written = os.pwrite(self._file.fileno(), data, at)
                data, at = data[written:], at + written

    def read(self, first: int, last: int) -> torch.Tensor:
        """Rows `first` to `last`, not included: (1, c, n, w), channels last."""
        numbers = torch.empty(last - first, self.width, self.channels, dtype=self.dtype)
        data = numbers.view(torch.uint8).numpy().data.cast("B")
        at = first * self._row_bytes
        while data:
            read = os.preadv(self._file.fileno(), [data], at)
            if not read:
                raise EOFError(f"Rows {first} to {last} were never written.")
            data, at = data[read:], at + read
        return numbers.permute(2, 0, 1)[None].to(self.device)
