"""Strokes are read, or refused with a reason, and measured."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.scribble.cleaning import clean
from generation.engines.scribble.maps import SIDE, draw_maps
from generation.engines.scribble.strokes import (
    MOST_POINTS,
    MOST_STROKES,
    Stroke,
    UnusableStrokes,
    fit_box,
    lengths,
    read_strokes,
    resample,
    size_of,
)
from generation.engines.scribble.svg import curves_svg

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=20,
)
coordinates = st.integers(-500, 500) | st.floats(-500, 500)
drawn = st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=25), min_size=1, max_size=4)


def read(raw: Any) -> list[Stroke] | str:
    """The strokes, or why they are none."""
    try:
        return read_strokes(raw)
    except UnusableStrokes as error:
        return str(error)


@given(json)
def test_whatever_is_sent_is_read_or_refused_in_words(raw: Any) -> None:
    found = read(raw)
    if isinstance(found, str):
        assert found.endswith(".")
    else:
        assert all(np.isfinite(stroke).all() and stroke.shape[1:] == (2,) for stroke in found)


@given(drawn)
def test_whatever_is_read_can_be_looked_at_cleaned_and_written(raw: Any) -> None:
    strokes = read(raw)
    if isinstance(strokes, str):
        assert "single point" in strokes  # nothing else can be wrong with these
        return
    maps = draw_maps(strokes)
    assert maps.shape == (4, SIDE, SIDE)
    assert 0 <= maps.min() <= maps.max() <= 1
    curves = clean(strokes)
    assert len(curves) == len(strokes)
    for curve in curves:
        assert (len(curve) - 1) % 3 == 0
        assert np.isfinite(curve).all()
        assert -0.2 < curve.min() <= curve.max() < 1.2
    assert "nan" not in curves_svg(curves)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ([], "at least one"),
        ("strokes", "list of strokes"),
        ([[]], "no list of points"),
        ([[[1, 2, 3]]], "no pair"),
        ([[[1, "2"]]], "no pair"),
        ([[[1, True]]], "no pair"),
        ([[[1, float("nan")], [2, 2]]], "goes farther"),
        ([[[10**400, 1], [2, 2]]], "goes farther"),
        ([[[1, 1], [1, 1]]], "single point"),
        ([[[1, 1]]] * (MOST_STROKES + 1), f"at most {MOST_STROKES}"),
        ([[[at, 1] for at in range(MOST_POINTS)], [[1, 2]]], f"at most {MOST_POINTS}"),
    ],
)
def test_what_is_no_drawing_is_refused(raw: Any, why: str) -> None:
    with pytest.raises(UnusableStrokes, match=why):
        read_strokes(raw)


def test_points_that_repeat_are_kept_once() -> None:
    (stroke,) = read_strokes([[[0, 0], [0, 0], [3, 4], [3, 4]]])
    assert stroke.tolist() == [[0, 0], [3, 4]]
    assert lengths(stroke).tolist() == [0, 5]


def test_a_box_keeps_the_shape_and_a_sample_its_ends() -> None:
    (stroke,) = fit_box([np.array([[10.0, 10.0], [30.0, 20.0]])], 1.0, 0.1)
    assert np.allclose(stroke, [[0.1, 0.3], [0.9, 0.7]])
    assert size_of([stroke]) == pytest.approx(0.8)
    sampled = resample(stroke, 0.1)
    assert np.allclose(sampled[[0, -1]], stroke)
    assert np.allclose(np.diff(lengths(sampled)), 0.1, atol=0.02)


def test_order_direction_and_number_of_strokes_do_not_matter() -> None:
    corners = np.array([[0.0, 0.0], [100, 0], [100, 60], [0, 60], [0, 0]])
    pieces = [corners[[2, 1]], corners[[3, 4]], corners[[0, 1]], corners[[2, 3]]]
    apart = np.abs(draw_maps([corners]) - draw_maps(pieces))
    assert apart.mean() < 0.005
    moved = np.abs(draw_maps([corners]) - draw_maps([stroke * 7 - 300 for stroke in pieces]))
    assert moved.mean() < 0.005


def test_the_maps_tell_level_from_upright() -> None:
    level = draw_maps([np.array([[0.0, 0.0], [10, 0]])])
    upright = draw_maps([np.array([[0.0, 0.0], [0, 10]])])
    assert level.sum(axis=(1, 2)).argmax() == 0
    assert upright.sum(axis=(1, 2)).argmax() == 2
