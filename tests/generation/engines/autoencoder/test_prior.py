"""The prior of codes: it looks at what came before alone, learns what goes together, and draws by seed."""

import math

import pytest
import torch
from torch import Tensor

from generation.engines.autoencoder.prior import CodePrior


def _prior(codes: int = 8, levels: int = 2, length: int = 6) -> CodePrior:
    torch.manual_seed(2)
    return CodePrior(codes=codes, levels=levels, length=length, width=32, layers=2)


def _stirred() -> CodePrior:
    """One that expects something: untrained, it expects all codes alike."""
    prior = _prior()
    with torch.no_grad():
        for guess in prior.guess:
            guess.weight.normal_()  # type: ignore[operator]  # a Linear
    return prior


def _chance(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _rising(count: int = 32) -> Tensor:
    """Codes that count upwards from somewhere; the second level repeats the first."""
    begin = torch.arange(count) % 8
    numbers = (begin[:, None] + torch.arange(6)) % 8
    return torch.stack([numbers, numbers], 2)


def test_untrained_it_is_as_surprised_as_one_who_knows_nothing() -> None:
    assert float(_prior().loss(_rising()).detach()) == pytest.approx(math.log(8), abs=1e-4)


def test_what_comes_later_does_not_matter() -> None:
    prior, numbers = _stirred(), _rising(2)
    changed = numbers.clone()
    changed[:, 3, 1] = (changed[:, 3, 1] + 1) % 8
    before, after = prior(numbers), prior(changed)
    assert torch.allclose(before[:, :4], after[:, :4], atol=1e-5)
    assert not torch.allclose(before[:, 4:], after[:, 4:], atol=1e-3)


def test_the_second_level_is_guessed_from_the_first() -> None:
    prior, numbers = _stirred(), _rising(2)
    changed = numbers.clone()
    changed[:, 3, 0] = (changed[:, 3, 0] + 1) % 8
    before, after = prior(numbers), prior(changed)
    assert torch.allclose(before[:, 3, 0], after[:, 3, 0], atol=1e-5)
    assert not torch.allclose(before[:, 3, 1], after[:, 3, 1], atol=1e-3)


def test_place_by_place_it_expects_what_it_expects_of_all_at_once() -> None:
    """The likeliest codes, drawn one after the other, are the likeliest of the logits for them."""
    prior = _stirred()
    drawn = prior.draw(3, 0.0, _chance())
    assert torch.equal(prior(drawn).argmax(-1), drawn)


def test_it_learns_which_codes_go_together_and_draws_such() -> None:
    prior, numbers, chance = _prior(), _rising(), _chance()
    optimiser = torch.optim.Adam(prior.parameters(), 0.01)
    surprises = []
    for _ in range(120):
        optimiser.zero_grad()
        loss = prior.loss(numbers, chance)
        torch.autograd.backward(loss)
        optimiser.step()
        surprises.append(float(prior.loss(numbers).detach()))
    # Only the first of twelve codes cannot be known.
    assert surprises[-1] < 0.4 < surprises[60] + 0.2 < surprises[0]
    drawn = prior.draw(50, 1.0, chance)
    rises = (drawn[:, 1:, 0] - drawn[:, :-1, 0]) % 8 == 1
    assert float(rises.float().mean()) > 0.8


def test_draws_are_the_seeds() -> None:
    prior = _stirred()
    assert torch.equal(prior.draw(4, 1.0, _chance(1)), prior.draw(4, 1.0, _chance(1)))
    assert not torch.equal(prior.draw(4, 1.0, _chance(1)), prior.draw(4, 1.0, _chance(2)))


def test_it_is_computed_as_all_around_it_is_wherever_that_is() -> None:
    """On a device without autocast of its own: on a GPU, too, a layer of floats must be given floats."""
    there = _stirred().to("meta")
    assert there(torch.zeros(2, 6, 2, dtype=torch.long, device="meta")).dtype is torch.float32
