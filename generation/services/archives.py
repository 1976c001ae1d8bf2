"""Reading zip files from strangers: bounded before anything is unpacked, and their paths are only names."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext

from generation.errors import ArchiveProblem

# Pictures that we cannot read are among them, so that each is named among the broken instead of being passed over.
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".jxl"}
)
MOST_ENTRIES = 100_000  # of any kind: what is listed takes memory before one can look at it
MOST_RATIO = 200  # unpacked to packed, of the whole: pictures hardly shrink, bombs do
_ENTRY = b"PK\x01\x02"  # with what each entry in a zip file's directory begins
_SMALL = 10_000_000  # bytes below which no ratio is a bomb


@dataclass(frozen=True, slots=True)
class Member:
    """One picture file in an archive, not unpacked yet."""

    place: int
    name: str
    class_name: str
    size: int
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def read(self) -> bytes:
        """Unpack it; never more than it says it has. Raises ArchiveProblem."""
        if self.size > settings.ATELIER.upload_max_bytes:
            raise ArchiveProblem(
                gettext("Pictures may have at most %(upload_max_bytes_1000000)s MB.")
                % {"upload_max_bytes_1000000": settings.ATELIER.upload_max_bytes // 1000000}
            )
        try:
            with self.archive.open(self.info) as stream:
                data = stream.read(self.size + 1)
        except _UNREADABLE as error:
            raise ArchiveProblem(gettext("This file in the archive is damaged or encrypted.")) from error
        if len(data) != self.size:
            raise ArchiveProblem(gettext("This file in the archive is not as long as it says."))
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


def members_of(file: BinaryIO, *, most: int) -> Iterator[Member]:
    """Every picture file of an archive, in its order. Raises ArchiveProblem before the first where it is too much.

    Folders are classes, as everywhere: the first that have others beside them. What lies loose has none.
    """
    length = _check_entries(file)
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    except _UNPACKABLE as error:
        raise ArchiveProblem(gettext("This is not a zip file, or it is damaged.")) from error
    found = [(place, info, _parts(info)) for place, info in enumerate(infos) if _is_picture(info)]
    if not found:
        raise ArchiveProblem(gettext("There are no pictures in this archive."))
    if len(found) > most:
        raise ArchiveProblem(
            gettext("There are %(len)s pictures in it, and room for %(max)s.")
            % {"len": f"{len(found):,}", "max": f"{max(0, most):,}"}
        )
    size = sum(info.file_size for _, info, _ in found)
    if size > max(_SMALL, MOST_RATIO * length):
        raise ArchiveProblem(gettext("It would unpack to far more than pictures can."))
    depth = _depth_of_classes([parts for _, _, parts in found])
    return (
        Member(place, "/".join(parts), _class_of(parts, depth), info.file_size, archive, info)
        for place, info, parts in found
    )


def _check_entries(file: BinaryIO) -> int:
    """Count what the archive lists without listing it; return its length in bytes. Raises ArchiveProblem."""
    entries, length, rest = 0, 0, b""
    file.seek(0)
    while chunk := file.read(1 << 20):
        entries += (rest + chunk).count(_ENTRY)
        length, rest = length + len(chunk), chunk[-len(_ENTRY) + 1 :]
        if entries > MOST_ENTRIES:
            raise ArchiveProblem(
                gettext("There are more than %(most_entries)s files in this archive.")
                % {"most_entries": f"{MOST_ENTRIES:,}"}
            )
    return length


def _is_picture(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    # What macOS puts beside each file has its suffix, and is no picture.
    is_shadow = path.name.startswith(".") or "__MACOSX" in path.parts
    return not info.is_dir() and path.suffix.lower() in SUFFIXES and not is_shadow


def _parts(info: zipfile.ZipInfo) -> list[str]:
    """Its path as names: whatever leads out of the archive is left away, since nothing is written under it."""
    return [part for part in PurePosixPath(info.filename.replace("\\", "/")).parts if part not in {"..", "/", "."}]


def _depth_of_classes(paths: list[list[str]]) -> int:
    """Where in a path its class stands: where there are several folders, or else below the one that holds all."""
    depth = 0
    while len(folders := {path[depth] for path in paths if len(path) > depth + 1}) == 1:
        depth += 1
    if folders:
        return depth
    return 1 if all(len(path) > 1 for path in paths) else 0


def _class_of(parts: list[str], depth: int) -> str:
    return parts[depth] if len(parts) > depth + 1 else ""
