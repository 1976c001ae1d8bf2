"""The losses by numbers that one can work out by hand."""

import math

import pytest
import torch

from generation.engines.autoencoder.losses import beyond_free, divergence, judge_loss, picture_error
from tests.generation.engines.autoencoder.learning import some_pictures


def test_the_divergence_of_the_prior_from_itself_is_nought() -> None:
    assert torch.equal(divergence(torch.zeros(2, 3), torch.zeros(2, 3)), torch.zeros(2, 3))


def test_the_divergence_is_that_of_the_formula() -> None:
    found = divergence(torch.tensor([1.0, 0.0]), torch.tensor([0.0, math.log(4.0)]))
    assert found.tolist() == pytest.approx([0.5, 0.5 * (4.0 - 1.0 - math.log(4.0))])


def test_it_agrees_with_torchs_own() -> None:
    mean, log_variance = torch.randn(4, 8), torch.randn(4, 8)
    cloud = torch.distributions.Normal(mean, torch.exp(log_variance / 2))
    prior = torch.distributions.Normal(torch.zeros(()), torch.ones(()))
    theirs = torch.distributions.kl_divergence(cloud, prior)
    assert torch.allclose(divergence(mean, log_variance), theirs, atol=1e-5)


def test_free_bits_are_counted_a_number_by_its_mean_over_the_batch() -> None:
    nats = torch.tensor([[0.0, 2.0, 0.1], [0.2, 4.0, 0.1]])
    assert float(beyond_free(nats, 0.5)) == pytest.approx(0.5 + 3.0 + 0.5)
    assert float(beyond_free(nats, 0.0)) == pytest.approx(0.1 + 3.0 + 0.1)


def test_what_is_free_is_pulled_nowhere() -> None:
    nats = torch.tensor([[0.2, 2.0]], requires_grad=True)
    torch.autograd.backward(beyond_free(nats, 0.5))
    assert nats.grad is not None
    assert nats.grad.tolist() == [[0.0, 1.0]]


def test_a_blurred_picture_errs_more_than_one_that_is_as_far_off_evenly() -> None:
    pictures = some_pictures(4)
    blurred = torch.nn.functional.avg_pool2d(pictures, 5, 1, 2, count_include_pad=False)
    off = (blurred - pictures).abs().mean()
    assert float(picture_error(pictures, pictures)) == 0.0
    assert float(picture_error(blurred, pictures)) > 1.2 * float(picture_error(pictures + off, pictures))


def test_a_judge_is_right_beyond_one_on_either_side() -> None:
    assert float(judge_loss(torch.tensor([2.0]), torch.tensor([-2.0]))) == 0.0
    assert float(judge_loss(torch.tensor([0.0]), torch.tensor([0.5]))) == pytest.approx(1.0 + 1.5)
