"""Reading zip files from strangers: bounded before anything is unpacked, and their paths are only names."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from generation.errors import ArchiveProblem

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif"})
MOST_RATIO = 200  # unpacked to packed, of the whole: pictures hardly shrink, bombs do
_SMALL = 10_000_000  # bytes below which no ratio is a bomb


@dataclass(frozen=True, slots=True)
class Member:
    """One picture file in an archive, not unpacked yet."""

    place: int
    name: str
    size: int
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def read(self) -> bytes:
        """Unpack it; never more than it says it has. Raises ArchiveProblem."""
        if self.size > settings.ATELIER.upload_max_bytes:
            raise ArchiveProblem(f"Pictures may have at most {settings.ATELIER.upload_max_bytes // 1_000_000} MB.")
        try:
            with self.archive.open(self.info) as stream:
                data = stream.read(self.size + 1)
        except _UNREADABLE as error:
            raise ArchiveProblem("This file in the archive is damaged or encrypted.") from error
        if len(data) != self.size:
            raise ArchiveProblem("This file in the archive is not as long as it says.")
        return data


# What zipfile raises for files that are cut off, damaged, encrypted or packed in ways it does not know.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
)
_UNPACKABLE = (*_UNREADABLE, OverflowError, UnicodeError)


def members_of(data: bytes, *, most: int) -> Iterator[Member]:
    """Every picture file of the archive, in its order. Raises ArchiveProblem before the first where it is too much."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except _UNPACKABLE as error:
        raise ArchiveProblem("This is not a zip file, or it is damaged.") from error
    found = [(place, info) for place, info in enumerate(infos) if _is_picture(info)]
    if not found:
        raise ArchiveProblem("There are no pictures in this archive.")
    if len(found) > most:
        raise ArchiveProblem(f"There are {len(found):,} pictures in it, and room for {max(0, most):,}.")
    size = sum(info.file_size for _, info in found)
    if size > max(_SMALL, MOST_RATIO * len(data)):
        raise ArchiveProblem("It would unpack to far more than pictures can.")
    return (Member(place, _name(info), info.file_size, archive, info) for place, info in found)


def _is_picture(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    # What macOS puts beside each file has its suffix, and is no picture.
    is_shadow = path.name.startswith(".") or "__MACOSX" in path.parts
    return not info.is_dir() and path.suffix.lower() in SUFFIXES and not is_shadow


def _name(info: zipfile.ZipInfo) -> str:
    """Its path as a name: whatever leads out of the archive is left away, since nothing is written under it."""
    parts = [part for part in PurePosixPath(info.filename.replace("\\", "/")).parts if part not in {"..", "/", "."}]
    return "/".join(parts)
