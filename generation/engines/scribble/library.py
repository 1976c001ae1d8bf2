"""The drawings that a scribble may mean: line drawings of two open sets, with their names, colours and licences.

`library.npz` is written by `gathering.py`; nothing is fetched when a house runs. Every coordinate in it is a whole
number of 1/4096 of the drawing's square.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.engines.scribble.strokes import Curve, Stroke, flatten

GRID = 4096
FILE = Path(__file__).with_name("library.npz")


@dataclass(frozen=True, slots=True)
class Source:
    """A set that drawings come from, and on which terms."""

    name: str
    title: str
    author: str
    url: str
    licence: str  # SPDX
    licence_url: str
    shares_alike: bool  # whether what is made after its drawings must be shared on the same terms


SOURCES = {
    source.name: source
    for source in (
        Source(
            name="openmoji",
            title="OpenMoji",
            author="the OpenMoji contributors",
            url="https://openmoji.org",
            licence="CC-BY-SA-4.0",
            licence_url="https://creativecommons.org/licenses/by-sa/4.0/",
            shares_alike=True,
        ),
        Source(
            name="tabler",
            title="Tabler Icons",
            author="Paweł Kuna",
            url="https://tabler.io/icons",
            licence="MIT",
            licence_url="https://github.com/tabler/tabler-icons/blob/main/LICENSE",
            shares_alike=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a drawing, in 0..1; a solid one is filled with ink."""

    curve: Curve
    is_solid: bool


@dataclass(frozen=True, slots=True)
class Area:
    """One coloured area of a drawing: its rings in 0..1, by the even-odd rule, and its own colour as #rrggbb."""

    rings: tuple[Curve, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of the library; later areas lie over earlier ones, and lines over all of them."""

    id: str
    name: str
    tags: tuple[str, ...]
    author: str
    source: Source
    lines: tuple[Line, ...]
    areas: tuple[Area, ...]

    @property
    def strokes(self) -> list[Stroke]:
        """Its lines as points."""
        return [flatten(line.curve) for line in self.lines]

    @property
    def credit(self) -> str:
        """Who drew it, in which set, on which terms: what has to stand beside whatever is made after it."""
        who = (
            f"“{self.name}” by {self.author}, {self.source.title}"
            if self.author
            else f"“{self.name}”, {self.source.title} by {self.source.author}"
        )
        return f"{who} ({self.source.licence})"


@cache
def load_library() -> tuple[Drawing, ...]:
    """Every drawing, in the order in which the file holds them."""
    with np.load(FILE, allow_pickle=False) as file:
        return unpack({name: file[name] for name in file.files})


@cache
def drawings_by_id() -> dict[str, Drawing]:
    """Every drawing by its id."""
    return {drawing.id: drawing for drawing in load_library()}


def pack(drawings: Sequence[Drawing]) -> dict[str, NDArray[Any]]:
    """Drawings as a few flat arrays."""
    lines = [line for drawing in drawings for line in drawing.lines]
    areas = [area for drawing in drawings for area in drawing.areas]
    rings = [ring for area in areas for ring in area.rings]
    about = [[d.id, d.name, list(d.tags), d.author, d.source.name, len(d.lines), len(d.areas)] for d in drawings]
    colours = sorted({area.colour for area in areas})
    return {
        "about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8),
        "colours": np.array(colours),
        "lines": _packed([line.curve for line in lines]),
        "line_sizes": np.array([len(line.curve) for line in lines], dtype=np.uint16),
        "solid": np.array([line.is_solid for line in lines]),
        "rings": _packed(rings),
        "ring_sizes": np.array([len(ring) for ring in rings], dtype=np.uint16),
        "area_rings": np.array([len(area.rings) for area in areas], dtype=np.uint16),
        "area_colours": np.array([colours.index(area.colour) for area in areas], dtype=np.uint16),
    }


def unpack(packed: dict[str, NDArray[Any]]) -> tuple[Drawing, ...]:
    """Drawings from what `pack` made of them."""
    curves = _unpacked(packed["lines"], packed["line_sizes"])
    lines = [Line(curve, bool(solid)) for curve, solid in zip(curves, packed["solid"], strict=True)]
    rings = _unpacked(packed["rings"], packed["ring_sizes"])
    colours = [str(packed["colours"][at]) for at in packed["area_colours"]]
    areas = [
        Area(tuple(rings[first:last]), colour)
        for (first, last), colour in zip(_spans(packed["area_rings"]), colours, strict=True)
    ]
    about = json.loads(packed["about"].tobytes())
    of_lines, of_areas = _spans([entry[5] for entry in about]), _spans([entry[6] for entry in about])
    return tuple(
        Drawing(
            id=entry[0], name=entry[1], tags=tuple(entry[2]), author=entry[3], source=SOURCES[entry[4]],
            lines=tuple(lines[slice(*ours)]), areas=tuple(areas[slice(*theirs)]),
        )
        for entry, ours, theirs in zip(about, of_lines, of_areas, strict=True)
    )  # fmt: skip


def _packed(curves: Sequence[Curve]) -> NDArray[np.int16]:
    """Differences from point to point, which compress better than points."""
    whole = np.rint(np.concatenate(curves) * GRID).astype(np.int32)
    return np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int32)).astype(np.int16)


def _unpacked(packed: NDArray[Any], sizes: NDArray[Any]) -> list[Curve]:
    points = np.cumsum(packed.astype(np.int64), axis=0) / GRID
    return [points[first:last] for first, last in _spans(sizes)]


def _spans(sizes: Sequence[int] | NDArray[Any]) -> list[tuple[int, int]]:
    return list(pairwise(accumulate((int(size) for size in sizes), initial=0)))
