"""The frames of a film while it is made: each kept as lossless WebP, in a third of its bytes or less."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Self, overload

from PIL import Image

from generation.engines.errors import EngineFault, UserError
from generation.engines.films import MOST_FILM_PIXELS

# The quickest; slower ones save a few hundredths.
_LOSSLESS: dict[str, object] = {"lossless": True, "quality": 0, "method": 0}


class Reel(Sequence[Image.Image]):
    """Frames of one size in the order in which they are shown; a frame that is looked at is decoded anew."""

    def __init__(self, frames: Iterable[Image.Image] = ()) -> None:
        self.size = (0, 0)  # width and height
        self.encoded: list[bytes] = []  # a lossless WebP file each
        self.extend(frames)

    @classmethod
    def of(cls, frames: Sequence[Image.Image]) -> Self:
        """These frames as a reel: as they are, where they are one."""
        return frames if isinstance(frames, cls) else cls(frames)

    def append(self, frame: Image.Image) -> None:
        """Add a frame. Raises EngineFault where it is of another size, UserError where the film has grown too long."""
        if not self.encoded:
            self.size = frame.size
        if frame.size != self.size:
            raise EngineFault("The frames of a film are all of one size.")
        if (len(self) + 1) * frame.width * frame.height > MOST_FILM_PIXELS:
            raise UserError(f"A film may have {MOST_FILM_PIXELS // 1_000_000} million pixels at most, in all frames.")
        self.encoded.append(to_webp(frame, _LOSSLESS))

    def extend(self, frames: Iterable[Image.Image]) -> None:
        """Add frames, one after the other; raises as `append`."""
        for frame in frames:
            self.append(frame)

    def __len__(self) -> int:
        return len(self.encoded)

    def __iter__(self) -> Iterator[Image.Image]:
        return map(_decoded, self.encoded)

    @overload
    def __getitem__(self, place: int) -> Image.Image: ...
    @overload
    def __getitem__(self, place: slice) -> list[Image.Image]: ...
    def __getitem__(self, place: int | slice) -> Image.Image | list[Image.Image]:
        """One frame, or several of them decoded."""
        if isinstance(place, slice):
            return [_decoded(data) for data in self.encoded[place]]
        return _decoded(self.encoded[place])


def to_webp(frame: Image.Image, options: dict[str, object]) -> bytes:
    """A frame's bare pixels as a WebP file: no profile, no metadata."""
    out = io.BytesIO()
    frame.convert("RGB").save(out, "WEBP", icc_profile=b"", exif=b"", xmp=b"", **options)
    return out.getvalue()


def _decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as frame:
        return frame.convert("RGB")
