"""Animated WebP, put together from frames that are WebP files already: its container, after RFC 9649.

Pillow's own writer wants all frames at once and keeps what it encoded beside them. Here a film's frames are encoded one
by one, on several cores, and only their bytes are kept; every frame stands whole for itself, so that equal frames give
equal bytes whatever came before them.
"""

from collections.abc import Iterable, Iterator, Sequence

_ANIMATED = 0x02  # of the header's flags
_WHOLE_FRAMES = 0x02  # a frame replaces the one before it instead of being laid over it


def animate(frames: Iterable[bytes], size: tuple[int, int], milliseconds: Sequence[int]) -> bytes:
    """An animated WebP of frames that are WebP files of one size, each shown so long; it is shown again and again."""
    width, height = size
    chunks = [
        _chunk(b"VP8X", bytes([_ANIMATED, 0, 0, 0]) + _three(width - 1) + _three(height - 1)),
        _chunk(b"ANIM", bytes(6)),  # no background, no end
    ]
    for frame, duration in zip(frames, milliseconds, strict=True):
        place = bytes(6) + _three(width - 1) + _three(height - 1) + _three(duration) + bytes([_WHOLE_FRAMES])
        chunks.append(_chunk(b"ANMF", place + b"".join(_pictures_in(frame))))
    body = sum(map(len, chunks)) + 4
    return b"".join([b"RIFF", body.to_bytes(4, "little"), b"WEBP", *chunks])


def _pictures_in(file: bytes) -> Iterator[bytes]:
    """The chunks of a WebP file that hold its pixels."""
    at = 12
    while at < len(file):
        size = int.from_bytes(file[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if file[at : at + 4] in {b"VP8 ", b"VP8L"}:
            yield file[at:end]
        at = end


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
