"""Folded kernels give what the plain layers would have given."""

import torch
from torch.nn import functional

from generation.engines.style.folding import fold_enlargement, fold_stride, fold_to_phases, unfold_phases

GENERATOR = torch.Generator().manual_seed(5)


def _close(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(one, other, atol=1e-4)


def _phases(x: torch.Tensor) -> torch.Tensor:
    """Sort a picture by phase, the slow and plain way."""
    return torch.cat([x[:, :, row::2, column::2] for row in (0, 1) for column in (0, 1)], 1)


def test_unfolding_puts_every_phase_back_into_its_place() -> None:
    picture = torch.rand(1, 5, 8, 6, generator=GENERATOR)
    assert torch.equal(unfold_phases(_phases(picture)), picture)


def test_a_wide_kernel_folds_into_one_of_stride_two() -> None:
    picture, kernel = torch.rand(1, 3, 20, 16, generator=GENERATOR), torch.randn(4, 3, 9, 9, generator=GENERATOR)
    padded = functional.pad(picture, (4, 4, 4, 4), mode="reflect")
    plain = functional.conv2d(padded, kernel)
    assert _close(unfold_phases(functional.conv2d(padded, fold_to_phases(kernel), stride=2)), plain)


def test_a_stride_of_two_after_reflection_folds_into_phases_after_repetition() -> None:
    picture, kernel = torch.rand(1, 3, 12, 16, generator=GENERATOR), torch.randn(4, 3, 3, 3, generator=GENERATOR)
    plain = functional.conv2d(functional.pad(picture, (1, 1, 1, 1), mode="reflect"), kernel, stride=2)
    repeated = functional.pad(_phases(picture), (1, 0, 1, 0), mode="replicate")
    assert _close(functional.conv2d(repeated, fold_stride(kernel)), plain)


def test_an_enlargement_folds_into_the_kernel_after_it() -> None:
    picture, kernel = torch.rand(1, 3, 7, 9, generator=GENERATOR), torch.randn(4, 3, 3, 3, generator=GENERATOR)
    enlarged = functional.interpolate(picture, scale_factor=2, mode="nearest")
    plain = functional.conv2d(functional.pad(enlarged, (1, 1, 1, 1), mode="reflect"), kernel)
    repeated = functional.pad(picture, (1, 1, 1, 1), mode="replicate")
    assert _close(unfold_phases(functional.conv2d(repeated, fold_enlargement(kernel))), plain)
