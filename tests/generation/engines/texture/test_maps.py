"""Maps: they fit the texture made with the same seed, tile where it tiles, and tell what they say they tell."""

import torch

from generation.engines.pictures import to_image, to_tensor
from generation.engines.texture.maps import drawn, height, normals, occlusion, roughness
from tests.generation.engines.studio import numbers
from tests.generation.engines.texture.growing import exemplar, grow, seam


def _bump() -> torch.Tensor:
    """A light round hill in the middle of a dark sheet: (64, 64)."""
    line = torch.linspace(-1, 1, 64)
    return torch.exp(-8 * (line[:, None] ** 2 + line**2))


def test_a_map_is_drawn_from_the_very_texture_that_the_seed_gives() -> None:
    colour = to_tensor(grow(exemplar("ihc.png"), 4))[0]
    for shows in ("height", "normal", "roughness", "occlusion"):
        image = grow(exemplar("ihc.png"), 4, shows=shows)
        again = to_image(drawn(colour, shows, tiling=True, relief=0.5)[None])
        # the texture has passed through eight bits, which is all that may differ
        assert abs(numbers(image) - numbers(again)).mean() < 2, shows


def test_maps_of_a_tiling_texture_tile() -> None:
    for shows in ("height", "normal", "roughness", "occlusion"):
        assert seam(grow(exemplar("brick.png"), 2, shows=shows, size=128)) < 3.0, shows


def test_a_texture_moved_round_gives_its_maps_moved_round() -> None:
    colour = to_tensor(exemplar("ihc.png"))[0]
    moved = torch.roll(colour, (50, 70), (1, 2))
    for shows in ("height", "normal", "roughness", "occlusion"):
        one, other = (drawn(picture, shows, tiling=True, relief=0.7) for picture in (colour, moved))
        assert (torch.roll(one, (50, 70), (1, 2)) - other).abs().mean() < 0.004, shows


def test_what_is_lighter_stands_out_and_slow_changes_of_light_do_not_count() -> None:
    surface = height(_bump(), tiling=True)
    assert surface[32, 32] > 0.9
    assert surface[32, 32] > surface[32, 20] > surface[32, 10]
    slope = torch.linspace(0, 1, 256).expand(256, 256)
    ripples = 0.2 * torch.sin(torch.arange(256) * 0.8)
    lit = height(slope + ripples, tiling=False)
    assert abs(float(lit[:, 60:100].mean() - lit[:, 160:200].mean())) < 0.05


def test_normals_lean_away_from_a_hill_by_its_relief() -> None:
    flat, shallow, deep = (normals(_bump(), tiling=True, relief=relief) for relief in (0.0, 0.4, 1.0))
    assert torch.allclose(flat, torch.tensor([0.5, 0.5, 1.0]).view(3, 1, 1).expand_as(flat))
    left, above = (32, 20), (20, 32)
    assert deep[0][left] < shallow[0][left] < 0.5  # to the left of the hill it faces left
    assert deep[1][above] > shallow[1][above] > 0.5  # and above it, upwards
    assert torch.allclose((2 * deep - 1).norm(dim=0), torch.ones(64, 64), atol=1e-5)


def test_hollows_get_less_light_and_flat_ground_all_of_it() -> None:
    light = occlusion(1 - _bump(), tiling=True, relief=1.0)
    assert light[32, 32] < 0.95 < light[32, 2]
    assert occlusion(torch.full((64, 64), 0.3), tiling=True, relief=1.0).min() > 0.999


def test_what_changes_at_close_range_is_rough() -> None:
    checks = (torch.arange(128)[:, None] + torch.arange(128)) % 2 * 0.5
    checks[:, :64] = 0.25
    rough = roughness(checks, tiling=True)
    assert rough[:, 8:56].max() < 0.3 < 0.6 < rough[:, 72:120].min()


def test_a_map_has_three_equal_channels_unless_it_shows_normals() -> None:
    image = grow(shows="height")
    assert len({band.tobytes() for band in image.split()}) == 1
