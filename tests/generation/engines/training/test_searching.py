"""What a search tries next and stops early: by what was tried alone, and better than chance."""

import math
from collections.abc import Mapping
from statistics import median
from typing import Any

import pytest

from generation.engines.training.searching import Tried, best_at_rungs, importance, is_hopeless, suggest
from generation.engines.training.space import Choice, Range, Space, Value

SPACE: Space = {
    "rate": Range(low=1e-4, high=1e-1, log=True),
    "width": Range(low=8, high=64, log=True, whole=True),
    "kind": Choice(options=("plain", "odd")),
}
DEFAULT: dict[str, Value] = {"rate": 0.05, "width": 60, "kind": "odd"}


def badness(parameters: Mapping[str, Any]) -> float:
    """Best at a rate of 0.003, a little better for the plain kind; the width does not matter."""
    off = math.log10(parameters["rate"]) + 2.5
    return off * off + (0.2 if parameters["kind"] == "odd" else 0.0)


def complete(parameters: Mapping[str, Any], value: float | None = None, **more: Any) -> Tried:
    return Tried(parameters=parameters, state="complete", value=badness(parameters) if value is None else value, **more)


def search(trials: int, seed: int = 1) -> list[Tried]:
    tried = [complete(DEFAULT)]
    while len(tried) < trials:
        tried.append(complete(suggest(SPACE, tried, seed=seed, planned=trials)))
    return tried


def test_the_same_trials_give_the_same_answer_and_another_seed_another() -> None:
    tried = search(8)
    first, again, other = (suggest(SPACE, tried, seed=seed, planned=20) for seed in (1, 1, 2))
    assert first == again != other


def test_what_is_suggested_lies_within_the_space() -> None:
    for one in search(15)[1:]:
        assert set(one.parameters) == set(SPACE)
        assert all(SPACE[name].holds(value) for name, value in one.parameters.items())
        assert isinstance(one.parameters["width"], int)


def test_it_comes_nearer_to_the_best_than_chance_does() -> None:
    """Of thirty trials the last ten are better than the first ten, which are drawn freely: four searches together."""
    searches = [[one.value or 0.0 for one in search(30, seed)] for seed in range(4)]
    first, last = ([value for values in searches for value in values[part]] for part in (slice(10), slice(20, 30)))
    assert median(last) < 0.5 * median(first)


def test_a_running_trial_is_known_of() -> None:
    """Two that are asked for at once differ, though neither has ended."""
    tried = search(12)
    first = suggest(SPACE, tried, seed=1, planned=12)
    running = Tried(parameters=first, state="running")
    assert suggest(SPACE, [*tried, running], seed=1, planned=12) != first


def test_trials_that_failed_and_defaults_outside_the_space_are_taken_as_they_are() -> None:
    failed = Tried(parameters={"rate": 0.01, "width": 8, "kind": "odd"}, state="failed")
    outside = complete({"rate": 0.5, "width": 8, "kind": "strange"}, value=1.0)
    suggested = suggest(SPACE, [outside, failed, *search(10)], seed=3, planned=20)
    assert set(suggested) == set(SPACE)


def pruned(rungs: dict[int, float], number: int = 3, others: int = 3) -> bool:
    tried = [complete(DEFAULT, value=1.0, rungs=dict.fromkeys(range(1, 11), 1.0 + place)) for place in range(others)]
    return is_hopeless(SPACE, [*tried, Tried(parameters=DEFAULT, state="running", rungs=rungs)], number)


def test_a_trial_that_falls_behind_the_median_is_hopeless_but_not_too_early() -> None:
    assert pruned({4: 2.1})
    assert not pruned({4: 1.9})
    assert not pruned({2: 9.0})
    assert not pruned({})


def test_nothing_is_hopeless_before_three_are_complete_and_the_first_never_is() -> None:
    assert not pruned({4: 9.0}, number=2, others=2)
    first = Tried(parameters=DEFAULT, state="running", rungs={9: 9.0})
    others = [complete(DEFAULT, value=1.0, rungs={9: 1.0}) for _ in range(3)]
    assert not is_hopeless(SPACE, [first, *others], 0)


def test_what_matters_is_told_apart_from_what_does_not() -> None:
    shares = importance(SPACE, search(25))
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.001)
    assert next(iter(shares)) == "rate"
    assert shares["rate"] > 0.5 > shares["width"]


def test_nothing_is_said_of_what_matters_before_four_are_complete_or_where_all_are_alike() -> None:
    assert importance(SPACE, search(3)) == {}
    assert importance(SPACE, [complete(DEFAULT, value=1.0) for _ in range(6)]) == {}


def point(seconds: float, validation: float | None, images: float = 0.0) -> dict[str, float]:
    measured = {} if validation is None else {"validation": validation}
    return {"seconds": seconds, "images": images, **measured}


def test_a_curve_is_read_at_tenths_of_the_budget() -> None:
    curve = [point(3, None), point(9, 5.0), point(13, 3.0), point(31, 4.0), point(62, 2.0)]
    assert best_at_rungs(curve, minutes=1, images=0) == {
        1: 5.0, 2: 3.0, 3: 3.0, 4: 3.0, 5: 3.0, 6: 3.0, 7: 3.0, 8: 3.0, 9: 3.0, 10: 2.0,
    }  # fmt: skip
    assert best_at_rungs(curve[:3], minutes=1, images=0) == {1: 5.0, 2: 3.0}
    assert best_at_rungs([point(1, 7.0, images=50)], minutes=60, images=100) == {5: 7.0}
    assert best_at_rungs([point(30, math.nan)], minutes=1, images=0) == {}
    assert best_at_rungs([], minutes=1, images=0) == {}
