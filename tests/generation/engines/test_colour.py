"""Colours survive OKLab, and palettes are what they promise to be."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.colour import from_oklab, lend_chroma, parse, ramp, to_oklab
from generation.engines.palettes import PALETTES, Palette

channel = st.integers(0, 255)


@given(channel, channel, channel)
def test_a_colour_comes_back_from_oklab_as_it_went(red: int, green: int, blue: int) -> None:
    colour = torch.tensor([red, green, blue]) / 255
    assert (from_oklab(to_oklab(colour)) - colour).abs().max() < 0.5 / 255


def test_white_is_as_light_as_can_be_and_grey_has_no_hue() -> None:
    white, grey = parse(["#ffffff", "#777777"])
    assert white[0] == pytest.approx(1, abs=1e-4)
    assert grey[1:].abs().max() < 1e-4


def test_a_ramp_starts_and_ends_with_its_colours_and_holds_beyond_them() -> None:
    colours = parse(["#000000", "#ff0000", "#ffffff"])
    read = ramp(colours, torch.tensor([-1.0, 0.0, 0.5, 1.0, 2.0]))
    assert torch.allclose(read, colours[[0, 0, 1, 2, 2]], atol=1e-6)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.title)
def test_a_palette_walks_away_from_its_ground_in_lightness_without_turning_back(palette: Palette) -> None:
    lightness = parse([palette.ground, *palette.colours])[:, 0].tolist()
    steps = [after - before for before, after in itertools.pairwise(lightness)]
    assert all(step > 0.02 for step in steps) if palette.dark else all(step < -0.02 for step in steps)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.title)
def test_an_accent_cannot_be_mistaken_for_the_colours_beside_it(palette: Palette) -> None:
    accent, colours = parse([palette.accent])[0], parse([palette.ground, *palette.colours])
    assert (colours - accent).norm(dim=1).min() > 0.1


def test_lent_colours_leave_the_lightness_alone() -> None:
    generator = torch.Generator().manual_seed(1)
    lit, tinted = (0.3 + 0.4 * torch.rand(1, 3, 6, 5, generator=generator) for _ in range(2))
    untouched = lend_chroma(lit, tinted, 0.0)
    assert torch.allclose(untouched, lit, atol=1e-3)
    lent, wanted, before = (to_oklab(p.permute(0, 2, 3, 1)) for p in (lend_chroma(lit, tinted, 1.0), tinted, lit))
    assert (lent[..., 0] - before[..., 0]).abs().mean() < 0.02
    assert (lent[..., 1:] - wanted[..., 1:]).abs().mean() < 0.02
