"""Smooth randomness: hills and valleys of every size, the raw material of natural-looking variety."""

import torch
from torch.nn import functional


def fractal_noise(
    generator: torch.Generator, height: int, width: int, *, cells: float, octaves: int = 4, roughness: float = 0.5
) -> torch.Tensor:
    """Draw a smooth random field (height, width) of mean 0 and deviation 1, with about `cells` hills a side."""
    total = torch.zeros(height, width)
    longest = max(height, width)
    for octave in range(octaves):
        frequency = cells * 2**octave
        rows, columns = (max(2, round(frequency * side / longest)) + 3 for side in (height, width))
        lattice = torch.randn(1, 1, rows, columns, generator=generator)
        # the outermost cells are cut off: interpolation is flat there
        fine = functional.interpolate(
            lattice, size=(height * rows // (rows - 2), width * columns // (columns - 2)), mode="bicubic"
        )[0, 0]
        top, left = (fine.shape[0] - height) // 2, (fine.shape[1] - width) // 2
        total += roughness**octave * fine[top : top + height, left : left + width]
    return (total - total.mean()) / total.std()


def blur(field: torch.Tensor, deviation: float) -> torch.Tensor:
    """Smooth a field (h, w) with a Gaussian."""
    reach = max(1, round(3 * deviation))
    kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / deviation) ** 2)
    kernel = kernel / kernel.sum()
    padded = functional.pad(field[None, None], (reach,) * 4, mode="replicate")
    return functional.conv2d(functional.conv2d(padded, kernel.view(1, 1, 1, -1)), kernel.view(1, 1, -1, 1))[0, 0]


def smoothstep(values: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """Rise from 0 at `low` to 1 at `high` without a corner."""
    t = ((values - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)
