"""Gathers the library anew from the sets' npm packages: `python -m generation.engines.scribble.gathering [folder]`.

The packages are fetched once into the folder (a temporary one by default) and checked by their hashes. What is drawn
beside a thing that is here already (`home-plus` beside `home`), brands, signs and interface elements are left out, and
of drawings that lines alone do not tell apart only the first is kept.
"""

import hashlib
import io
import json
import re
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from svgelements import SVG, Close, CubicBezier, Move, QuadraticBezier, Shape
from svgelements import Line as Straight
from svgelements import Path as SvgPath

from generation.engines.scribble.library import FILE, SOURCES, Area, Drawing, Line, pack
from generation.engines.scribble.maps import draw_maps
from generation.engines.scribble.strokes import Curve

REGISTRY = "https://registry.npmjs.org/"
PACKAGES = {
    "openmoji/-/openmoji-17.0.0.tgz": "55ee7d13485dec86e9f38c1f3a645a13382d33ff97c0cd845ee824b0aef45e68",
    "@tabler/icons/-/icons-3.52.0.tgz": "626620c7d42afd2f294fba167ce4653b5cb946336d186b4991c70b700e5616af",
}

_GROUPS = {  # of OpenMoji, each with the subgroups that are left out
    "animals-nature": set(),
    "food-drink": set(),
    "travel-places": {"time", "place-map"},
    "objects": {"sound", "mail", "writing"},
    "activities": {"award-medal"},
    "smileys-emotion": {"emotion", "heart"},
    "people-body": {"person-symbol", "family", "person-gesture", "person-resting"},
}
_EXTRAS = {"animals-nature", "food-drink", "gardening", "objects"}
_WANTED = {
    "22-heart",
    "231A",
    "23F0",
    "231B",
    "1F570",
    "2764",
    "1F494",
    "1F498",
    "1F4A4",
    "2B50",
    "1F3C6",
    "2709",
    "1F514",
    "270F",
    "1F58C",
}
_CATEGORIES = {"Animals", "Nature", "Food", "Vehicles", "Buildings", "Sport", "Weather", "Games", "Health"}
_BESIDE = re.compile(  # what Tabler draws in the corner of a thing
    r"2|3|off|bolt|cancel|check|code|cog|dollar|down|dot|edit|exclamation|minus|move|pause|pin|plus|question|search"
    r"|share|signal|spark|stats|up|x|bitcoin|link|infinity|star|heart|key|lock|discount|eco|flame|hand|shield|ribbon"
)
_SAME = 0.93  # the cosine between the blurred maps of two drawings that lines alone do not tell apart


def gather(folder: Path) -> list[Drawing]:
    """Every drawing worth scribbling, those of OpenMoji first. Raises SystemExit where a package is not what it was."""
    openmoji, tabler = (_Package(_fetch(folder, url, sha256)) for url, sha256 in PACKAGES.items())
    return _told_apart([*_openmoji(openmoji), *_tabler(tabler)])


class _Package:
    """The files of an npm package, read at once: they are small."""

    def __init__(self, archive: Path) -> None:
        with tarfile.open(archive) as tar:
            self.files = {
                member.name.removeprefix("package/"): stream.read()
                for member in tar
                if member.isfile() and (stream := tar.extractfile(member))
            }

    def json(self, name: str) -> Any:
        return json.loads(self.files[name])


def _fetch(folder: Path, url: str, sha256: str) -> Path:
    archive = folder / url.rpartition("/")[2]
    if not archive.is_file():
        urllib.request.urlretrieve(REGISTRY + url, archive)  # noqa: S310  # the addresses above
    if hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{url} is not what it was.")
    return archive


def _openmoji(package: _Package) -> Iterator[Drawing]:
    for entry in package.json("data/openmoji.json"):
        code = entry["hexcode"]
        if not _is_wanted(entry):
            continue
        lines, _ = _read(package.files[f"black/svg/{code}.svg"])
        _, areas = _read(package.files[f"color/svg/{code}.svg"])
        tags = {tag.strip() for kind in ("tags", "openmoji_tags") for tag in entry[kind].split(",")} - {""}
        yield Drawing(
            id=f"openmoji-{code}", name=entry["annotation"], tags=tuple(sorted(tags)),
            author=entry["openmoji_author"].strip(), source=SOURCES["openmoji"], lines=lines, areas=areas,
        )  # fmt: skip


def _is_wanted(entry: Mapping[str, str]) -> bool:
    if entry["hexcode"] in _WANTED:
        return True
    if entry["skintone"] or "200D" in entry["hexcode"]:
        return False  # the same figure with another skin or hair
    if entry["group"] == "extras-openmoji":
        return entry["subgroups"] in _EXTRAS
    return entry["group"] in _GROUPS and entry["subgroups"] not in _GROUPS[entry["group"]]


def _tabler(package: _Package) -> Iterator[Drawing]:
    icons = package.json("icons.json")
    for name, entry in icons.items():
        if entry["category"] not in _CATEGORIES or "outline" not in entry["styles"]:
            continue
        base, _, beside = name.rpartition("-")
        if (_BESIDE.fullmatch(beside) and base in icons) or name.startswith("play-card-"):
            continue
        lines, _ = _read(package.files[f"icons/outline/{name}.svg"])
        yield Drawing(
            id=f"tabler-{name}", name=name.removeprefix("building-").replace("-", " "),
            tags=tuple(sorted({str(tag) for tag in entry["tags"]})), author="", source=SOURCES["tabler"],
            lines=lines, areas=(),
        )  # fmt: skip


def _read(svg: bytes) -> tuple[tuple[Line, ...], tuple[Area, ...]]:
    """The lines of a picture in SVG, and its coloured areas below them, in 0..1 of its box."""
    box = re.search(rb'viewBox="0 0 ([0-9.]+)', svg)
    assert box is not None
    side, lines, areas = float(box.group(1)), [], []
    for element in SVG.parse(io.BytesIO(svg), reify=True).elements():
        if not isinstance(element, Shape):
            continue
        curves = tuple(curve / side for curve in _curves(SvgPath(element)))
        stroke, fill = (_colour(getattr(element, kind)) for kind in ("stroke", "fill"))
        if stroke and not (fill and fill != "#000000"):
            lines += [Line(curve, bool(fill)) for curve in curves]
        elif fill == "#000000":
            lines += [Line(curve, True) for curve in curves]
        if fill and fill != "#000000" and not lines and (rings := tuple(curve for curve in curves if len(curve) > 4)):
            areas.append(Area(rings, fill))
    return tuple(lines), tuple(areas)


def _colour(paint: Any) -> str:
    value = getattr(paint, "value", None)
    return "" if value is None else str(paint.hexrgb)


def _curves(path: SvgPath) -> Iterator[Curve]:
    """A path as cubics, one curve for each time the pen is set down."""
    path.approximate_arcs_with_cubics()
    points: list[complex] = []
    for segment in path:
        if isinstance(segment, Move):
            if len(points) > 3:
                yield _curve(points)
            points = [complex(segment.end)]
        elif isinstance(segment, CubicBezier):
            points += [complex(segment.control1), complex(segment.control2), complex(segment.end)]
        elif isinstance(segment, QuadraticBezier):
            bend = complex(segment.control)
            points += [
                points[-1] + (bend - points[-1]) * 2 / 3,
                complex(segment.end) + (bend - complex(segment.end)) * 2 / 3,
                complex(segment.end),
            ]
        elif isinstance(segment, Straight | Close) and segment.end is not None:
            end = complex(segment.end)
            points += [points[-1] + (end - points[-1]) / 3, points[-1] + (end - points[-1]) * 2 / 3, end]
    if len(points) > 3:
        yield _curve(points)


def _curve(points: list[complex]) -> Curve:
    return np.array([[point.real, point.imag] for point in points])


def _told_apart(drawings: list[Drawing]) -> list[Drawing]:
    """The drawings without those that look like an earlier one."""
    kept: list[Drawing] = []
    seen = np.zeros((len(drawings), 4 * 24 * 24), dtype=np.float32)
    for drawing in drawings:
        if not drawing.lines:
            continue
        look = draw_maps(drawing.strokes, 24).ravel()
        look /= np.linalg.norm(look)
        if len(kept) and (seen[: len(kept)] @ look).max() > _SAME:
            continue
        seen[len(kept)] = look
        kept.append(drawing)
    return kept


def main(folder: str | None = None) -> None:
    """Write the library."""
    with tempfile.TemporaryDirectory() as aside:
        drawings = gather(Path(folder or aside))
    arrays: dict[str, Any] = pack(drawings)
    np.savez_compressed(FILE, **arrays)
    print(f"{len(drawings)} drawings, {FILE.stat().st_size / 1e6:.2f} MB")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
