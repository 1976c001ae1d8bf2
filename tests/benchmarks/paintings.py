"""Real paintings for benchmarks: works in the public domain (Arcimboldo to Kandinsky, Hokusai to Van Gogh).

Debian's package `gcompris-qt-data` has them as the pieces of jigsaw puzzles, about 500 pixels high. It is fetched once
(44 MB) into the user's cache, the puzzles are laid, and only the paintings are kept.
`python -m tests.benchmarks.paintings` says where they lie.
"""

import hashlib
import io
import re
import struct
import tarfile
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps

from tests.benchmarks.emoji import CACHE

_ADDRESS = "https://deb.debian.org/debian/pool/main/g/gcompris-qt/gcompris-qt-data_3.1-2_all.deb"
_SHA256 = "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f"
_INSIDE = "./usr/share/gcompris-qt/rcc/paintings.rcc"
_PIECE = re.compile(r'"image/([\w-]+\.webp)",\s*"x"\s*:\s*"([\d.]+)",\s*"y"\s*:\s*"([\d.]+)"')
_TITLE = re.compile(r'instruction: qsTr\("(.*?)"\)')
_BOARD = (702, 515)  # what the places of the pieces are fractions of
_COMPRESSED, _FOLDER = 1, 2  # flags of a node in Qt's resource files


def paintings() -> dict[str, Path]:
    """Every painting's title and its picture, by name ("GreatWave", "gogh_auvert" …); fetched once."""
    folder = CACHE / "paintings"
    if not folder.is_dir():
        aside = folder.with_suffix(".part")
        aside.mkdir(parents=True, exist_ok=True)
        for name, title, image in _laid(_resources(_package())):
            image.save(aside / f"{name}.png")
            (aside / f"{name}.txt").write_text(title)
        aside.rename(folder)
    return {file.stem: file for file in sorted(folder.glob("*.png"))}


def painting(name: str) -> Image.Image:
    """One painting, RGB."""
    return Image.open(paintings()[name]).convert("RGB")


def _laid(files: dict[str, bytes]) -> Iterator[tuple[str, str, Image.Image]]:
    """Name, title and picture of every puzzle, its pieces at their places."""
    for file, source in files.items():
        if not file.startswith("board"):
            continue
        text = source.decode()
        pieces = [(name, float(x), float(y)) for name, x, y in _PIECE.findall(text)]
        canvas = Image.new("RGBA", _BOARD)
        for name, x, y in pieces:
            piece = Image.open(io.BytesIO(files[name])).convert("RGBA")
            corner = round(x * _BOARD[0] - piece.width / 2), round(y * _BOARD[1] - piece.height / 2)
            layer = Image.new("RGBA", _BOARD)
            layer.paste(piece, corner)
            canvas.alpha_composite(layer)
        title = _TITLE.search(text)
        name = re.sub(r"[_-]\w?\d\.webp$", "", pieces[0][0])
        yield (
            name,
            title[1] if title else name,
            ImageOps.crop(canvas.crop(canvas.getbbox()).convert("RGB"), 4),
        )  # the rim is frayed


def _resources(data: bytes) -> dict[str, bytes]:
    """The files of a Qt resource collection, format 3, by their bare names."""
    version, tree, contents, names = struct.unpack_from(">4I", data, 4)
    assert (data[:4], version) == (b"qres", 3), "not the format that was read here before"

    def walk(number: int) -> Iterator[tuple[str, bytes]]:
        at = tree + 22 * number
        name, flags = struct.unpack_from(">IH", data, at)
        if flags & _FOLDER:
            count, first = struct.unpack_from(">II", data, at + 6)
            for child in range(first, first + count):
                yield from walk(child)
            return
        (place,) = struct.unpack_from(">I", data, at + 10)
        (size,) = struct.unpack_from(">I", data, contents + place)
        found = data[contents + place + 4 : contents + place + 4 + size]
        (length,) = struct.unpack_from(">H", data, names + name)
        bare = data[names + name + 6 : names + name + 6 + 2 * length].decode("utf-16-be")
        yield bare, zlib.decompress(found[4:]) if flags & _COMPRESSED else found

    return dict(walk(0))


def _package() -> bytes:
    """The resource collection out of the Debian package, an `ar` archive with a tar inside."""
    with urllib.request.urlopen(_ADDRESS) as answer:
        deb = answer.read()
    if (found := hashlib.sha256(deb).hexdigest()) != _SHA256:
        raise SystemExit(f"{_ADDRESS} is not what it was: its SHA-256 is {found}.")
    at = 8  # behind the magic
    while not deb[at : at + 16].startswith(b"data.tar"):
        size = int(deb[at + 48 : at + 58])
        at += 60 + size + size % 2
    size = int(deb[at + 48 : at + 58])
    with tarfile.open(fileobj=io.BytesIO(deb[at + 60 : at + 60 + size])) as tar:
        stream = tar.extractfile(_INSIDE)
        assert stream is not None
        return stream.read()


if __name__ == "__main__":
    for shown in paintings().values():
        print(shown, shown.with_suffix(".txt").read_text(), Image.open(shown).size, sep="\t")
