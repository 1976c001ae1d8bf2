"""A hand's own lines: smooth, with the corners it meant, closed where it nearly closed, plain where it meant plain."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engines.scribble.cleaning import clean
from generation.engines.scribble.fitting import fit, fit_loop
from generation.engines.scribble.strokes import Points, flatten, lengths
from tests.generation.engines.scribble.drawing import around, ring


def distance(points: Points, to: Points) -> float:
    """How far the farthest of `points` lies from the nearest of `to`."""
    return float(max(np.hypot(*(to - point).T).min() for point in points))


def is_closed(curve: Points) -> bool:
    return bool(np.allclose(curve[0], curve[-1]))


@given(st.integers(0, 1000), st.sampled_from([0.002, 0.01, 0.05]))
@settings(max_examples=25)
def test_a_fitted_curve_stays_within_its_tolerance(seed: int, tolerance: float) -> None:
    phases = np.random.default_rng(seed).uniform(0, 6, 4)
    t = np.linspace(0, 1, 120)
    points = np.stack([t + 0.1 * np.sin(7 * t + phases[0]), 0.3 * np.sin(5 * t + phases[1])], axis=1)
    curve = fit(points, tolerance)
    assert np.allclose(curve[[0, -1]], points[[0, -1]])
    assert distance(points, flatten(curve, 400)) < tolerance * 1.1
    assert len(fit(points, tolerance * 10)) <= len(curve)


def test_a_fitted_loop_goes_on_smoothly_where_it_began() -> None:
    angle = np.linspace(0, 2 * np.pi, 90)
    points = np.stack([np.cos(angle), 0.5 * np.sin(2 * angle)], axis=1)
    points[-1] = points[0]
    curve = fit_loop(points, 0.01)
    assert is_closed(curve)
    leaving, arriving = curve[1] - curve[0], curve[-1] - curve[-2]
    assert leaving @ arriving / (np.hypot(*leaving) * np.hypot(*arriving)) > 0.999


def test_tremor_goes_and_the_shape_stays() -> None:
    t = np.linspace(0, 3, 200)
    shape = np.stack([t * 100, 60 * np.sin(2 * t)], axis=1)
    shaken = shape + np.random.default_rng(1).normal(0, 1.2, shape.shape)
    (smooth,), (wanted,) = clean([shaken]), clean([shape])
    assert distance(flatten(wanted), flatten(smooth, 40)) < 0.02
    assert len(smooth) <= 25
    assert lengths(flatten(smooth))[-1] < 1.03 * lengths(flatten(wanted))[-1]


@pytest.mark.parametrize("sides", [3, 4, 5])
def test_a_polygon_keeps_its_corners_and_closes(sides: int) -> None:
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False) + 0.3
    corners = [(float(100 * np.cos(at)), float(100 * np.sin(at))) for at in angle]
    nearly = (corners[0][0] + 6, corners[0][1] - 5)
    (curve,) = clean([around([*corners, nearly], tremor=0.8)])
    assert is_closed(curve)
    assert len(curve) == 3 * sides + 1  # as many straight sides and no more
    assert _area(flatten(curve)) == pytest.approx(_area(flatten(clean([around([*corners, corners[0]])])[0])), rel=0.1)


def _area(points: Points) -> float:
    x, y = points.T
    return float(abs((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2)


def test_a_wobbly_ring_becomes_a_circle_and_a_flat_one_an_ellipse() -> None:
    (circle,) = clean([ring(wobble=0.05)])
    radii = np.hypot(*(flatten(circle) - flatten(circle)[:-1].mean(axis=0)).T)
    assert is_closed(circle)
    assert np.ptp(radii) < 0.01
    (ellipse,) = clean([ring(wobble=0.03, flat=0.5)])
    width, height = np.ptp(flatten(ellipse), axis=0)
    assert height / width == pytest.approx(0.5, rel=0.1)
    assert len(ellipse) == 13


def test_an_arc_stays_an_arc() -> None:
    (arc,) = clean([ring(upto=3.1)])
    assert not is_closed(arc)
    assert np.ptp(flatten(arc)[:, 0]) > 0.8


@pytest.mark.parametrize(("end", "wanted"), [((200, 9), (1, 0)), ((-8, 200), (0, 1)), ((200, 120), None)])
def test_a_line_is_straight_and_level_or_upright_where_it_nearly_was(
    end: tuple[int, int], wanted: tuple[int, int] | None
) -> None:
    (line,) = clean([around([(0, 0), end], tremor=1.0)])
    along = line[-1] - line[0]
    assert len(line) == 4
    assert distance(flatten(line), np.linspace(line[0], line[-1], 200)) < 0.01
    if wanted:
        assert np.abs(along / np.hypot(*along)) @ wanted == pytest.approx(1.0)
    else:
        assert along[1] / along[0] == pytest.approx(0.6, abs=0.05)


def test_a_dot_stays_a_dot() -> None:
    dot, _ = clean([np.array([[50.0, 50.0], [50.5, 50.2]]), around([(0, 0), (100, 0)])])
    assert lengths(flatten(dot))[-1] < 0.01
