"""Animated WebP, put together from frames that are WebP files already: its container, after RFC 9649.

Pillow's own writer wants all frames at once and keeps what it encoded beside them. Here a film's frames are encoded one
by one, on several cores, and only their bytes are kept; every frame stands whole for itself, so that equal frames give
equal bytes whatever came before them.
"""

import io
from collections.abc import Iterable, Iterator, Sequence

_ANIMATED = 0x02  # of the header's flags
_WHOLE_FRAMES = 0x02  # a frame replaces the one before it instead of being laid over it


def animate(frames: Iterable[bytes], size: tuple[int, int], milliseconds: Sequence[int]) -> bytes:
    """An animated WebP of frames that are WebP files of one size, each shown so long; it is shown again and again."""
    width, height = size
    out = io.BytesIO()  # a film may be the largest thing in memory: no frame is copied but into the film
    out.write(b"RIFF\0\0\0\0WEBP")
    _write_chunk(out, b"VP8X", [bytes([_ANIMATED, 0, 0, 0]), _three(width - 1), _three(height - 1)])
    _write_chunk(out, b"ANIM", [bytes(6)])  # no background, no end
    for frame, duration in zip(frames, milliseconds, strict=True):
        place = bytes(6) + _three(width - 1) + _three(height - 1) + _three(duration) + bytes([_WHOLE_FRAMES])
        _write_chunk(out, b"ANMF", [place, *_pictures_in(memoryview(frame))])
    length = out.tell() - 8
    out.seek(4)
    out.write(length.to_bytes(4, "little"))
    return out.getvalue()


def _pictures_in(file: memoryview) -> Iterator[memoryview]:
    """The chunks of a WebP file that hold its pixels."""
    at = 12
    while at < len(file):
        size = int.from_bytes(file[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if file[at : at + 4] in {b"VP8 ", b"VP8L"}:
            yield file[at:end]
        at = end


def _write_chunk(out: io.BytesIO, name: bytes, parts: Sequence[bytes | memoryview]) -> None:
    length = sum(memoryview(part).nbytes for part in parts)
    out.write(name + length.to_bytes(4, "little"))
    for part in parts:
        out.write(part)
    out.write(bytes(length % 2))


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
