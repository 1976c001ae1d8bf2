"""Codes follow what they stand for, gradients pass them by, and none lies idle."""

import torch

from generation.engines.autoencoder.codebook import Codebook, Codebooks


def _chance() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def _book(*codes: list[float]) -> Codebook:
    book = Codebook(len(codes), len(codes[0]))
    book.codes.copy_(torch.tensor(codes))
    book.counts.fill_(1.0)
    book.sums.copy_(book.codes)
    return book


def test_features_become_the_nearest_code() -> None:
    assert _book([0.0, 0.0], [4.0, 4.0]).nearest(torch.tensor([[1.0, 1.0], [3.0, 4.0]])).tolist() == [0, 1]


def test_gradients_pass_straight_through() -> None:
    books = Codebooks(2, 8, 4)
    features = torch.randn(5, 4, requires_grad=True)
    numbers = books.nearest(features.detach())
    codes = books.through(features, numbers)
    assert torch.allclose(codes, books.sum_of(numbers), atol=1e-6)
    torch.autograd.backward((codes * torch.arange(4.0)).sum())
    assert features.grad is not None
    assert torch.equal(features.grad, torch.arange(4.0).expand(5, 4))


def test_each_level_takes_up_what_is_left_over() -> None:
    books = Codebooks(2, 2, 1)
    for level, codes in zip(books.levels, ([[0.0], [10.0]], [[-1.0], [1.0]]), strict=True):
        level.codes.copy_(torch.tensor(codes))  # type: ignore[operator]  # a Codebook
    numbers = books.nearest(torch.tensor([[9.2], [0.7]]))
    assert numbers.tolist() == [[1, 0], [0, 1]]
    assert books.sum_of(numbers).tolist() == [[9.0], [1.0]]


def test_codes_move_to_the_mean_of_what_they_stand_for() -> None:
    book = _book([0.0], [10.0])
    features = torch.tensor([[1.0], [3.0], [9.0]])
    for _ in range(1500):
        book.follow(features, book.nearest(features), _chance())
    assert torch.allclose(book.codes, torch.tensor([[2.0], [9.0]]), atol=1e-3)


def test_a_code_that_stands_for_nothing_begins_anew_among_the_features() -> None:
    book = _book([0.0, 0.0], [1000.0, 1000.0])
    features = torch.rand(64, 2)
    for _ in range(400):
        book.follow(features, book.nearest(features), _chance())
    assert float(book.codes.abs().max()) <= 1.0
    assert set(book.nearest(features).tolist()) == {0, 1}


def test_near_codes_are_the_nearest_without_strength_and_others_with_it_by_seed() -> None:
    books, features = Codebooks(2, 64, 4), torch.randn(100, 4)
    assert torch.equal(books.near(features, 0.0, _chance()), books.nearest(features))
    strayed = books.near(features, 1.0, _chance())
    assert not torch.equal(strayed, books.nearest(features))
    assert torch.equal(strayed, books.near(features, 1.0, _chance()))
    assert not torch.equal(strayed, books.near(features, 1.0, torch.Generator().manual_seed(4)))


def test_what_lies_on_a_code_never_strays() -> None:
    book = _book([0.0, 0.0], [0.5, 0.5], [4.0, 4.0])
    assert torch.equal(book.near(book.codes, 1.0, _chance()), torch.arange(3))
