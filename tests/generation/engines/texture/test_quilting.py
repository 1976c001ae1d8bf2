"""Quilts: every pixel is one of the exemplar's, beside those that it stands beside there, except along the cuts."""

import numpy as np
import pytest
import torch

from generation.engines.device import generator_for, one_thread
from generation.engines.pictures import to_tensor
from generation.engines.texture.exemplar import natural_patch, prepare
from generation.engines.texture.quilting import Quilt, quilt
from generation.engines.texture.seams import keep
from tests.generation.engines.texture.growing import exemplar


@one_thread()
def _quilt(*, tiling: bool, block: int = 32, variation: float = 0.4) -> Quilt:
    return quilt(to_tensor(exemplar())[0], 128, block, generator_for(3), tiling=tiling, variation=variation)


@pytest.mark.parametrize("tiling", [True, False])
def test_whole_patches_are_the_exemplars_own(tiling: bool) -> None:
    """At least half of all 5-pixel patches are copied whole: with blocks of 32 pixels, all that no cut runs through."""
    made = _quilt(tiling=tiling)
    width = made.exemplar.shape[2]
    patches = made.places.unfold(0, 5, 1).unfold(1, 5, 1)  # (n, m, 5, 5)
    within = torch.arange(5)[:, None] * width + torch.arange(5)
    whole = (patches - patches[..., :1, :1] == within).all(-1).all(-1)
    assert whole.float().mean() > 0.5
    colours = {tuple(pixel) for pixel in made.exemplar.flatten(1).T.tolist()}
    assert {tuple(pixel) for pixel in made.picture.flatten(1).T.tolist()} <= colours


def test_blocks_join_across_the_edges_where_they_tile() -> None:
    """Neighbours across the edges are the exemplar's neighbours as often as inside; without tiling never."""
    for tiling in (True, False):
        places = _quilt(tiling=tiling).places
        width = exemplar().width
        beside = (torch.roll(places, -1, 1) - places == 1).float().mean(0)
        below = (torch.roll(places, -1, 0) - places == width).float().mean(1)
        for together in (beside, below):
            assert together[:-1].mean() > 0.8
            assert bool(together[-1] > 0.8) == tiling


def test_more_variation_uses_more_of_the_exemplar() -> None:
    used = [len(set(_quilt(tiling=True, variation=variation).places.flatten().tolist())) for variation in (0.0, 1.0)]
    assert used[1] > 1.1 * used[0]


def test_a_cut_follows_the_line_on_which_old_and_new_agree() -> None:
    errors = np.ones((12, 12), dtype=np.float32)
    line = [1, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 2]
    errors[np.arange(12), line] = 0
    over = keep(errors, 5, "l")
    assert [int(row.argmax()) for row in over] == line
    assert np.array_equal(keep(errors.T.copy(), 5, "t"), over.T)
    assert np.array_equal(keep(errors[:, ::-1].copy(), 5, "r"), over[:, ::-1])
    assert np.array_equal(keep(errors.T[::-1].copy(), 5, "b"), over.T[::-1])
    assert keep(errors, 5, "").all()


def test_a_block_holds_what_the_pattern_repeats() -> None:
    y, x = torch.meshgrid(torch.arange(240), torch.arange(240), indexing="ij")
    dots = (((x % 60 - 30) ** 2 + (y % 60 - 30) ** 2) < 150).float().expand(3, -1, -1)
    assert 60 <= natural_patch(dots) <= 90
    noise = torch.rand(3, 240, 240, generator=generator_for(1))
    assert natural_patch(noise) == 40  # a sixth of the side
    assert natural_patch(torch.full((3, 64, 64), 0.5)) == 32


def test_an_exemplar_keeps_its_pixels_unless_it_has_too_many_or_too_few() -> None:
    assert torch.equal(prepare(exemplar(), 160), to_tensor(exemplar())[0])
    assert prepare(exemplar(), 80).shape == (3, 80, 80)
    assert prepare(exemplar().crop((0, 0, 160, 40)), 40).shape == (3, 20, 80)
    strip = prepare(exemplar().crop((0, 0, 160, 3)), 160)
    assert strip.shape == (3, 16, 160)
    assert torch.equal(strip[:, 3:6], strip[:, :3].flip(1))
