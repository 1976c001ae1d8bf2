"""Pictures of drawings: the choices show, the seed decides the rest, and what lines enclose is coloured."""

from typing import Any

import numpy as np
import pytest

from generation.engines import registry
from generation.engines.device import open_context
from generation.engines.errors import Cancelled, InvalidParameters
from generation.engines.scribble.regions import regions_of
from tests.generation.engines.scribble.drawing import around, ring
from tests.generation.engines.studio import CPU, difference, loaded, make, request

SMALL: dict[str, Any] = {"size": 256}
BOX = [[[0, 0], [100, 2], [101, 99], [0, 100], [1, 3]]]


@pytest.mark.parametrize(
    "chosen",
    [
        {"palette": "nocturne"}, {"ground": "hills"}, {"ground": "wash"}, {"ground": "paper"}, {"manner": "ink"},
        {"manner": "pencil"}, {"colours": "own"}, {"drawing": "openmoji-1F680"}, {"strokes": BOX},
    ],
    ids=str,
)  # fmt: skip
def test_every_choice_shows(chosen: dict[str, Any]) -> None:
    usual = make("scribble", **SMALL)
    picture = make("scribble", **SMALL, **chosen)
    assert picture.size == (256, 256)
    assert difference(picture, usual) > 0.5
    assert make("scribble", **SMALL, **chosen).tobytes() == picture.tobytes()
    assert make("scribble", seed=2, **SMALL, **chosen).tobytes() != picture.tobytes()


def test_progress_shows_the_picture_come_about_and_it_can_be_stopped() -> None:
    seen: list[float] = []
    context = open_context(CPU, 1, on_progress=lambda done, _, __: seen.append(done))
    loaded("scribble").run(request("scribble", **SMALL), context)
    assert seen == sorted(seen)
    assert len(seen) == 3
    with pytest.raises(Cancelled):
        loaded("scribble").run(request("scribble", **SMALL), open_context(CPU, 1, is_cancelled=lambda: True))


def test_what_lines_enclose_is_found_even_with_a_gap() -> None:
    unit = [ring(0.3, upto=6.18) + 0.5, around([(0.5, 0.2), (0.5, 0.8)])]
    left, right = regions_of(unit, 128)
    assert left.shape == (128, 128)
    assert {bool(left[64, 40]), bool(right[64, 40])} == {True, False}
    assert left[:5].max() == right[:5].max() == 0
    assert regions_of([around([(0.1, 0.5), (0.9, 0.5)])], 128) == []


def test_a_drawing_is_credited_and_own_lines_are_not() -> None:
    declared = registry.declaration("scribble")
    (credit,) = declared.validate_parameters({"drawing": "openmoji-1F408"}).credits
    assert credit.startswith("“cat” by ")
    assert credit.endswith("OpenMoji (CC-BY-SA-4.0)")
    assert declared.validate_parameters({"strokes": BOX}).credits == ()


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"drawing": "openmoji-none"}, "drawing"),
        ({"strokes": [[[1, 1]]]}, "strokes"),
        ({"strokes": [[[1, 1], [1e9, 2]]]}, "strokes.0.1.0"),
        ({"strokes": [[[1, 1], [2]]]}, "strokes.0.1.1"),
        ({"strokes": [[]]}, "strokes.0"),
    ],
)
def test_what_is_no_drawing_is_refused_by_name(chosen: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidParameters) as caught:
        registry.declaration("scribble").validate_parameters(chosen)
    assert list(caught.value.errors) == [field]


def test_dark_lines_lie_over_the_colours() -> None:
    pixels = np.asarray(make("scribble", **SMALL, drawing="openmoji-1F3E0", ground="paper", palette="tidepool"))
    assert (pixels.sum(axis=2) < 150).mean() > 0.02
