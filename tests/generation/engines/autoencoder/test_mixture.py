"""Where latents lie is fitted, and what is drawn lies there too."""

import pytest
import torch

from generation.engines.autoencoder.mixture import Mixture, fitted

CHANCE = torch.Generator().manual_seed(8)
PLACES = torch.tensor([[6.0, 0.0, 0.0, 0.0], [0.0, -6.0, 0.0, 0.0]])


def filled(latents: torch.Tensor, variance: float = 0.0) -> Mixture:
    mixture = Mixture(latents.shape[1])
    for name, buffer in fitted(latents, torch.full_like(latents, variance)).items():
        mixture.get_buffer(name).copy_(buffer)
    return mixture


def two_heaps(count: int = 2000) -> torch.Tensor:
    """Long along the third number, hardly wide along the others; three quarters in the first heap."""
    noise = torch.randn(count, 4, generator=CHANCE) * torch.tensor([0.2, 0.2, 2.0, 0.1])
    return PLACES[(torch.arange(count) % 4 == 3).long()] + noise


def test_it_is_the_standard_normal_until_it_is_fitted() -> None:
    drawn = Mixture(4).draw(4000, 1.0, CHANCE)
    torch.testing.assert_close(drawn.mean(0), torch.zeros(4), atol=0.1, rtol=0)
    torch.testing.assert_close(torch.cov(drawn.T), torch.eye(4), atol=0.12, rtol=0)


def test_what_is_drawn_lies_where_latents_lay_and_nowhere_between() -> None:
    latents = two_heaps()
    drawn = filled(latents).draw(4000, 1.0, CHANCE)
    apart = torch.cdist(drawn[:, [0, 1, 3]], PLACES[:, [0, 1, 3]]).amin(1)
    assert apart.max() < 2.0, "the heaps are eight apart"
    assert (drawn[:, 0] > 3).float().mean().item() == pytest.approx(0.75, abs=0.05)
    torch.testing.assert_close(drawn.std(0), latents.std(0), atol=0.1, rtol=0.1)


def test_what_each_latent_varies_by_is_added() -> None:
    drawn = filled(two_heaps(), variance=0.25).draw(4000, 1.0, CHANCE)
    assert drawn[:, 3].std().item() == pytest.approx((0.1**2 + 0.25) ** 0.5, abs=0.05)


def test_at_temperature_nought_it_is_the_weightiest_mean_and_warmer_is_wider() -> None:
    mixture = filled(two_heaps())
    cold = mixture.draw(10, 0.0, CHANCE)
    assert bool((cold == cold[0]).all())
    assert cold[0, 0] > 3
    spread = [mixture.draw(2000, temperature, CHANCE)[:, 2].std().item() for temperature in (0.5, 1.0)]
    assert spread[0] < 0.85 * spread[1]


@pytest.mark.parametrize(("count", "is_fitted"), [(0, False), (7, False), (8, True), (50, True)])
def test_a_handful_of_latents_is_enough_and_fewer_change_nothing(count: int, is_fitted: bool) -> None:
    latents = torch.randn(count, 64, generator=CHANCE) + 5.0
    found = fitted(latents, torch.zeros_like(latents))
    assert bool(found) is is_fitted
    if is_fitted:
        drawn = filled(latents).draw(100, 1.0, CHANCE)
        assert torch.isfinite(drawn).all()
        assert drawn.mean().item() == pytest.approx(5.0, abs=0.3)


def test_latents_that_are_all_the_same_are_no_trouble() -> None:
    drawn = filled(torch.ones(100, 16)).draw(10, 1.0, CHANCE)
    torch.testing.assert_close(drawn, torch.ones(10, 16), atol=0.01, rtol=0)


def test_the_same_latents_are_fitted_alike() -> None:
    latents = two_heaps()
    first, again = (fitted(latents, torch.zeros_like(latents)) for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)
