"""What a training writes for TensorBoard: its losses, its validation, its speed, and grids of samples.

Files are begun anew by each process that goes on with a run, and are kept with the checkpoint that they belong to: so a
run that was taken up again has every point once.
"""

import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

FOLDER = "logs"
_GRID = 512  # pixels at most
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files give the same archive


class Logs:
    """Writes one event file, named by the number of pictures that had been shown when it was begun."""

    def __init__(self, folder: Path, images: int) -> None:
        """Nothing is written before there is something to write."""
        self._path = folder / f"events.out.tfevents.{images:012}.atelier"
        self._file: Any = None

    def _open(self) -> None:
        # Here and nowhere else: it takes seconds to import, and whoever trains nothing need not wait for it.
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.record_writer import RecordWriter

        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._event = Event
        self._file = RecordWriter(str(self._path))
        self._file.write(Event(wall_time=time.time(), file_version="brain.Event:2").SerializeToString())

    def point(self, point: Mapping[str, float], before: Mapping[str, float] | None) -> None:
        """Write a point of the learning curve; by the one before it, how many pictures a second were shown since."""
        numbers = {
            "validation" if name == "validation" else f"loss/{name}": number
            for name, number in point.items()
            if name not in {"images", "seconds"}
        }
        start = before or {"images": 0.0, "seconds": 0.0}
        if (seconds := point["seconds"] - start["seconds"]) > 0:
            numbers["speed/images a second"] = (point["images"] - start["images"]) / seconds
        self._add(int(point["images"]), [{"tag": tag, "simple_value": number} for tag, number in numbers.items()])

    def grid(self, image: Image.Image, images: int) -> None:
        """Write a grid of samples, at most 512 pixels wide."""
        small = image.copy()
        small.thumbnail((_GRID, _GRID), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "PNG")
        drawn = {"width": small.width, "height": small.height, "colorspace": 3, "encoded_image_string": out.getvalue()}
        self._add(images, [{"tag": "samples", "image": drawn}])

    def flush(self) -> None:
        """Have everything on the disk."""
        if self._file:
            self._file.flush()

    def close(self) -> None:
        """Write no more."""
        if self._file:
            self._file.flush()
            self._file.close()

    def _add(self, images: int, values: list[dict[str, Any]]) -> None:
        if self._file is None:
            self._open()
        event = self._event(wall_time=time.time(), step=images, summary={"value": values})
        self._file.write(event.SerializeToString())


def pack(folder: Path, file: Path) -> None:
    """Put every log of a folder into one zip file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for log in sorted(folder.glob("events.*")):
            archive.writestr(zipfile.ZipInfo(log.name, _LONG_AGO), log.read_bytes(), zipfile.ZIP_DEFLATED)


def unpack(file: Path, folder: Path) -> None:
    """Put the logs of a zip file that `pack` wrote into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            (folder / PurePosixPath(name).name).write_bytes(archive.read(name))
