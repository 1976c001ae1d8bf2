"""The parts of a masterpiece: what is compared, how it is taken apart, and in which sizes it is painted."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engines.style.masterpiece.losses import gram, quantiles, sliced_distance
from generation.engines.style.masterpiece.optimiser import descend
from generation.engines.style.masterpiece.schedule import COARSEST, pixels_looked_at, stages
from generation.engines.style.masterpiece.spread import LayerSpread, PatchSpread, Spread
from generation.engines.style.masterpiece.waves import Waves
from tests.generation.engines.studio import CPU


def _random(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


@given(st.integers(256, 1024), st.integers(20, 600))
def test_sizes_double_up_to_the_one_asked_for_and_each_gets_every_step(size: int, steps: int) -> None:
    planned = stages(size, steps)
    assert planned[-1].size == size
    assert COARSEST <= planned[0].size < 2 * COARSEST
    assert all(sum(one.looks for one in stage.rounds) == steps for stage in planned)
    assert size**2 * steps <= pixels_looked_at(size, steps) < 1.4 * size**2 * steps


def test_quantiles_of_fewer_or_more_values_follow_the_same_line() -> None:
    ramp = torch.linspace(0, 1, 1001)[torch.randperm(1001, generator=torch.Generator().manual_seed(1)), None]
    for number in (10, 1001, 5000):
        found = quantiles(ramp, number)
        expected = (torch.arange(number) + 0.5) / number
        torch.testing.assert_close(found[:, 0], expected, atol=2e-3, rtol=0)


def test_the_sliced_distance_of_what_was_moved_is_the_square_of_the_way() -> None:
    wanted = torch.randn(500, 3, generator=torch.Generator().manual_seed(1)).sort(dim=0).values
    moved = wanted[torch.randperm(500)] + 2.0
    assert float(sliced_distance(moved, wanted)) == pytest.approx(float((4 / wanted.var(0, correction=0)).mean()))


def test_the_gram_matrix_of_a_region_is_that_of_its_piece() -> None:
    maps, cover = _random(5, 8, 8), torch.zeros(8, 8)
    cover[:, :3] = 1
    torch.testing.assert_close(gram(maps, cover), gram(maps[:, :, :3]))


@pytest.mark.parametrize("kind", [LayerSpread, PatchSpread])
def test_a_picture_has_its_own_spread_and_no_other(kind: type[Spread]) -> None:
    maps, other = _random(3, 40, 40), _random(3, 40, 40, seed=2) ** 2
    spread = kind([(1.0, maps)], (40, 40), None)
    spread.draw(torch.Generator().manual_seed(1))
    assert float(spread.error(maps)) == pytest.approx(0, abs=1e-6)
    assert float(spread.error(other)) > 0.05


@pytest.mark.parametrize("kind", [LayerSpread, PatchSpread])
def test_what_lies_outside_a_region_does_not_count(kind: type[Spread]) -> None:
    maps, cover = _random(3, 40, 40), torch.zeros(40, 40)
    cover[:, :20] = 1
    spread = kind([(1.0, maps)], (40, 40), cover)
    spread.draw(torch.Generator().manual_seed(1))
    changed = maps.clone()
    changed[:, :, 26:] = 0
    assert float(spread.error(changed)) == float(spread.error(maps))
    changed[:, :, :12] = 0
    assert float(spread.error(changed)) > 0.1


def test_a_blend_has_as_many_values_of_each_as_its_share() -> None:
    dark, light = torch.zeros(1, 30, 30), torch.ones(1, 30, 30)
    spread = LayerSpread([(0.25, dark), (0.75, light)], (20, 20), None)
    spread.draw(torch.Generator().manual_seed(1))
    mixed = torch.ones(1, 20, 20)
    mixed[:, :5] = 0
    assert float(spread.error(mixed)) == pytest.approx(0, abs=1e-6)
    assert float(spread.error(torch.full((1, 20, 20), 0.75))) > 0.3


@given(st.integers(8, 33), st.integers(8, 33))
@settings(max_examples=20, deadline=None)
def test_waves_are_the_picture(height: int, width: int) -> None:
    picture = _random(1, 3, height, width)
    waves = Waves(height, width, CPU)
    torch.testing.assert_close(waves.picture_of(waves.numbers_of(picture)), picture, atol=1e-4, rtol=1e-4)


def test_going_down_finds_what_is_wanted_within_the_looks_it_is_given() -> None:
    wanted, looks = _random(1, 3, 16, 16), []
    found = descend(
        torch.zeros_like(wanted), lambda picture: (picture - wanted).square().sum(), 60, lambda _: looks.append(1)
    )
    torch.testing.assert_close(found, wanted, atol=0.02, rtol=0)
    assert len(looks) <= 62
