"""The pictures that a model learns from: squares of one size, split once and for all by what they are."""

import hashlib
import io
import json
import tarfile
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor

from generation.engines.errors import InvalidInputs
from generation.engines.pictures import centre_square
from generation.engines.training.splits import SPLITS, Split, split_of

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif"})
MOST_PIXELS = 100_000_000
MOST_BYTES = 200_000_000  # of one picture's file
_MOST_AT_ONCE, _PIXELS_AT_ONCE = 32, 32 * 128 * 128  # where pictures are painted, remade or encoded
_FORMATS = ("PNG", "JPEG", "WEBP", "AVIF")  # whatever the name says, no other decoder is started

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class _Picture:
    name: str
    data: bytes
    class_name: str | None
    split: Split


@dataclass(frozen=True)
class Part:
    """One split's pictures: uint8 tensor N x 3 x R x R, and the number of each one's class."""

    pictures: Tensor
    classes: Tensor

    def __len__(self) -> int:
        return len(self.pictures)

    def of(self, classes: Sequence[int], most: int | None = None) -> "Part":
        """Only what is of these classes, copied; of more than `most` so many, from first to last."""
        places = self.places_of(classes)
        if most is not None and len(places) > most:
            places = places[torch.linspace(0, len(places) - 1, most).round().long()]
        return Part(self.pictures[places], self.classes[places])

    def places_of(self, classes: Sequence[int]) -> Tensor:
        """Where what is of these classes lies, in its order."""
        return torch.isin(self.classes, torch.tensor(list(classes), dtype=torch.long)).nonzero()[:, 0]


@dataclass(frozen=True)
class PictureSet:
    """All splits; `broken` names each picture that could not be used, and says why."""

    train: Part
    validation: Part
    test: Part
    class_names: tuple[str, ...] = ()
    broken: dict[str, str] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[Split, int]]:
        """How many pictures of each class there are in each split; none where there are no classes."""
        parts: dict[Split, Part] = {"train": self.train, "validation": self.validation, "test": self.test}
        return {
            name: {split: int((part.classes == number).sum()) for split, part in parts.items()}
            for number, name in enumerate(self.class_names)
        }

    @classmethod
    def from_shards(cls, shards: Iterable[Path], resolution: int, scratch: Path | None = None) -> Self:
        """Read tar files in the WebDataset layout: `<key>.webp` and `<key>.json` {"class", "split"} side by side.

        Decoded pictures lie in nameless files in the folder `scratch` (the system's, if none is given), since they
        need not fit into memory. Raises InvalidInputs where a shard is no tar file, or no picture is left.
        """
        return cls._gather((picture for shard in shards for picture in _in_shard(shard)), resolution, scratch)

    @classmethod
    def from_folder(cls, folder: Path, resolution: int, scratch: Path | None = None) -> Self:
        """Read every picture below a folder; those in sub-folders are of the class that the sub-folder names.

        `scratch`, and what is raised, as for shards.
        """
        return cls._gather(_in_folder(folder), resolution, scratch)

    @classmethod
    def _gather(cls, found: Iterable[_Picture], resolution: int, scratch: Path | None) -> Self:
        with ExitStack() as files:
            squares = {
                split: _Squares(files.enter_context(tempfile.TemporaryFile(dir=scratch)), resolution)
                for split in SPLITS
            }
            return cls._filled(found, resolution, squares)

    @classmethod
    def _filled(cls, found: Iterable[_Picture], resolution: int, squares: "Mapping[Split, _Squares]") -> Self:
        names: dict[Split, list[str | None]] = {split: [] for split in SPLITS}
        broken: dict[str, str] = {}
        for picture in found:
            try:
                square = _square(picture.data, resolution)
            except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
                broken[picture.name] = str(error) or type(error).__name__
            else:
                squares[picture.split].append(square)
                names[picture.split].append(picture.class_name)
        if not len(squares["train"]):
            raise InvalidInputs("There is no picture to learn from.")
        classes = tuple(sorted({name for split in SPLITS for name in names[split] if name is not None}))
        # One class says nothing; pictures of no class among others would be a class nobody named.
        is_classed = len(classes) > 1 and all(None not in names[split] for split in SPLITS)
        numbers = {name: number for number, name in enumerate(classes)} if is_classed else {}
        parts = {
            split: Part(
                squares[split].pictures(),
                torch.tensor([numbers.get(name or "", 0) for name in names[split]], dtype=torch.long),
            )
            for split in SPLITS
        }
        return cls(**parts, class_names=classes if is_classed else (), broken=broken)


Halves = tuple[Sequence[int], Sequence[int]]  # numbers of classes


class Batches:
    """What is shown to a method: of all classes as they come, or in turn one picture of each of some collections."""

    def __init__(self, part: Part, collections: Sequence[Sequence[int]] | None = None) -> None:
        self._part = part
        # places, and no copies: pictures need not fit into memory
        self._halves = None if collections is None else [part.places_of(classes) for classes in collections]

    def at(self, seed: int, images: int, size: int, *, mirror: bool) -> tuple[Tensor, Tensor]:
        """The batch that comes after `images` pictures were shown: uint8 pictures and classes."""
        if self._halves is None:
            return batch_at(self._part, seed, images, size, mirror=mirror)
        share = len(self._halves)
        if share == 1:
            return batch_at(self._part, seed, images, size, mirror=mirror, among=self._halves[0])
        found = [
            batch_at(
                self._part,
                mixed(seed, "collection", number),
                images // share,
                size // share,
                mirror=mirror,
                among=among,
            )
            for number, among in enumerate(self._halves)
        ]
        pictures, classes = (torch.stack(some, 1).flatten(0, 1) for some in zip(*found, strict=True))
        return pictures, classes


def batch_at(
    part: Part, seed: int, images: int, size: int, *, mirror: bool, among: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """The batch that comes after `images` pictures were shown: uint8 pictures and classes.

    It depends on nothing else, so that a resumed run sees what it would have seen. Each epoch has its own order.
    `among`: the places of those that are shown; None: all.
    """
    count = len(part) if among is None else len(among)
    places = torch.arange(images, images + size)
    epochs = places // count
    touched = range(images // count, (images + size - 1) // count + 1)
    order = torch.cat([_order(seed, epoch, count)[places[epochs == epoch] % count] for epoch in touched])
    order = order if among is None else among[order]
    pictures, classes = part.pictures[order], part.classes[order]
    if mirror:
        chance = torch.Generator().manual_seed(mixed(seed, "mirror", images))
        turned = torch.rand(size, generator=chance) < 0.5
        pictures[turned] = pictures[turned].flip(-1)
    return pictures, classes


def held_out(shards: Iterable[Path], class_names: Sequence[str], count: int) -> list[Image.Image]:
    """The first pictures of some classes that nothing is learnt from, as large as they are kept; test ones first.

    Raises InvalidInputs where a shard is no tar file.
    """
    found: dict[Split, list[_Picture]] = {"test": [], "validation": []}
    for picture in (picture for shard in shards for picture in _in_shard(shard)):
        some = found.get(picture.split)
        if some is not None and picture.class_name in class_names and len(some) < count:
            some.append(picture)
    return [_decoded(picture.data) for picture in (*found["test"], *found["validation"])[:count]]


def squares_of(shards: Iterable[Path], resolution: int) -> Iterator[tuple[str, Pixels]]:
    """Every picture that can be decoded as it is learnt from, uint8 3 x R x R, with its file's SHA-256.

    Raises InvalidInputs where a shard is no tar file.
    """
    for picture in (picture for shard in shards for picture in _in_shard(shard)):
        try:
            yield PurePosixPath(picture.name).stem, _square(picture.data, resolution)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            continue  # nothing was learnt from it either


def _order(seed: int, epoch: int, count: int) -> Tensor:
    return torch.randperm(count, generator=torch.Generator().manual_seed(mixed(seed, "order", epoch)))


def mixed(seed: int, purpose: str, number: int) -> int:
    """A seed for one purpose: neighbours in it have nothing in common."""
    return int.from_bytes(hashlib.sha256(f"{seed} {purpose} {number}".encode()).digest()[:7])


def pieces_of(resolution: int) -> int:
    """How many pictures of that side are painted, or remade, at once."""
    return max(1, min(_MOST_AT_ONCE, _PIXELS_AT_ONCE // resolution**2))


def _in_shard(shard: Path) -> Iterator[_Picture]:
    try:
        with tarfile.open(shard, "r:") as tar:
            files = {
                member.name: tar.extractfile(member) for member in tar if member.isfile() and member.size <= MOST_BYTES
            }
            for name, stream in files.items():
                if stream is None or PurePosixPath(name).suffix not in SUFFIXES:
                    continue
                beside = files.get(str(PurePosixPath(name).with_suffix(".json")))
                notes = json.loads(beside.read()) if beside else {}
                data = stream.read()
                split = notes.get("split") or split_of(hashlib.sha256(data).hexdigest())
                yield _Picture(name, data, notes.get("class"), split)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise InvalidInputs(f"The shard {shard.name} cannot be read.") from error


def _in_folder(folder: Path) -> Iterator[_Picture]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            data, below = path.read_bytes(), path.relative_to(folder)
            class_name = below.parts[0] if len(below.parts) > 1 else None
            yield _Picture(str(below), data, class_name, split_of(hashlib.sha256(data).hexdigest()))


class _Squares:
    """One split's pictures while they come, one behind the other in a file."""

    def __init__(self, file: BinaryIO, resolution: int) -> None:
        self._file, self._shape, self._count = file, (3, resolution, resolution), 0

    def __len__(self) -> int:
        return self._count

    def append(self, square: Pixels) -> None:
        self._file.write(square.tobytes())
        self._count += 1

    def pictures(self) -> Tensor:
        """All of them, N x 3 x R x R; what lies in the file comes into memory when it is looked at."""
        if not self._count:
            return torch.empty(0, *self._shape, dtype=torch.uint8)
        self._file.flush()
        return torch.from_numpy(np.memmap(self._file, np.uint8, "r+", shape=(self._count, *self._shape)))


def _square(data: bytes, resolution: int) -> Pixels:
    return np.asarray(centre_square(_decoded(data), resolution)).transpose(2, 0, 1)


def _decoded(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is below
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("The picture has too many pixels.")
            return _on_white(ImageOps.exif_transpose(image))


def _on_white(image: Image.Image) -> Image.Image:
    """The picture as one sees it on paper: what is transparent shows white."""
    if image.mode not in {"RGBA", "LA", "PA"} and "transparency" not in image.info:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
