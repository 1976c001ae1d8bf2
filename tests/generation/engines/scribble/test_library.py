"""The library: every drawing is whole, credited, and lies in its square."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from generation.engines.scribble import library
from generation.engines.scribble.library import load_library, pack, unpack
from generation.engines.scribble.retrieval import search
from generation.engines.scribble.svg import drawing_svg
from tests.generation.engines.scribble.drawing import drawing


def test_every_drawing_has_lines_in_its_square_a_name_and_a_credit() -> None:
    drawings = load_library()
    assert len(drawings) > 1000
    assert len({one.id for one in drawings}) == len(drawings)
    for one in drawings:
        points = np.concatenate(one.strokes)
        assert -0.15 < points.min() <= points.max() < 1.1  # a lollipop reaches out
        assert one.name
        assert one.source.title in one.credit
        assert one.credit.endswith(f"({one.source.licence})")
        assert len(one.credit) <= 300  # as long as an upload keeps


def test_what_people_scribble_first_is_in_it() -> None:
    for word in ("cat", "house", "tree", "bicycle", "rocket", "fish", "sun", "boat", "flower", "star", "car", "heart"):
        assert search(word), word


def test_a_name_comes_before_a_tag() -> None:
    assert search("Cat")[0].name == "cat"
    assert search("  ") == search("zzzz") == []
    assert any("kitten" in one.tags or "pet" in one.tags for one in search("pet", 30))


def test_the_licences_lie_beside_it() -> None:
    folder = Path(library.__file__).parent
    assert "Attribution-ShareAlike 4.0 International" in (folder / "LICENSE.openmoji.txt").read_text()
    assert "Paweł Kuna" in (folder / "LICENSE.tabler.txt").read_text()


def test_packing_loses_nothing_but_what_is_finer_than_the_grid() -> None:
    some = load_library()[::100]
    again = unpack(pack(some))
    assert [(one.id, one.tags, one.credit) for one in again] == [(one.id, one.tags, one.credit) for one in some]
    for one, other in zip(some, again, strict=True):
        assert [line.is_solid for line in one.lines] == [line.is_solid for line in other.lines]
        assert [area.colour for area in one.areas] == [area.colour for area in other.areas]
        for line, same in zip(one.lines, other.lines, strict=True):
            assert np.abs(line.curve - same.curve).max() < 1 / library.GRID


def test_an_svg_is_plain_paths_with_its_credit() -> None:
    svg = drawing_svg(drawing("openmoji-1F3E0"))
    root = ET.fromstring(svg)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds == {"svg", "title", "desc", "g", "path"}
    assert "CC-BY-SA-4.0" in svg
    assert 'fill-rule="evenodd"' in svg
    assert 'fill-rule="evenodd"' not in drawing_svg(drawing("openmoji-1F3E0"), coloured=False)
